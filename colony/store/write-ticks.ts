/** Rows of ticks: a function on one agent, once a second. */

import {
  BIGINT,
  BLOB,
  DuckDBBlobValue,
  DuckDBTimestampTZValue,
  type DuckDBType,
  type DuckDBValue,
  TIMESTAMPTZ,
  UBIGINT,
  VARCHAR,
} from '@duckdb/node-api';
import { NO_MIN_NS } from '../../snapshots/columns/functions.js';
import { packHistograms } from '../../snapshots/histogram/packing.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import type { Database } from './database.js';
import type { NamedTick, TickFold, TickRow } from './tick-fold.js';

const TYPES: readonly DuckDBType[] = [
  TIMESTAMPTZ,
  BIGINT,
  VARCHAR,
  VARCHAR,
  VARCHAR,
  VARCHAR,
  ...Array.from({ length: 5 }, () => BIGINT),
  UBIGINT,
  BIGINT,
  BIGINT,
  BLOB,
];

/** Writes what a second's ticks changed. */
export async function writeTicks(database: Database, fold: TickFold, ticks: readonly NamedTick[]): Promise<void> {
  const parts = byPart(ticks);
  const rows = [...parts.values()].flatMap((part) => fold.take(part).map((row) => valuesOf(part.at(-1)!, row)));
  if (rows.length > 0) await database.appendRows('ticks', TYPES, rows);
}

function valuesOf({ service, tick }: NamedTick, row: TickRow): DuckDBValue[] {
  const atNs = tick.at === undefined ? 0n : timestampToNs(tick.at);
  return [
    new DuckDBTimestampTZValue(atNs / 1000n),
    atNs,
    tick.sessionId,
    tick.agentId,
    service,
    row.name,
    ...[row.calls, row.returns, row.inFlight, row.unwound, row.untracked].map(BigInt),
    row.sumNs,
    row.minNs === NO_MIN_NS ? null : row.minNs,
    BigInt(row.maxNs),
    new DuckDBBlobValue(packHistograms([row.histogram])),
  ];
}

function byPart(ticks: readonly NamedTick[]): Map<string, NamedTick[]> {
  const parts = new Map<string, NamedTick[]>();
  for (const named of ticks) {
    const key = `${named.tick.sessionId}/${named.tick.agentId}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [named]);
    else part.push(named);
  }
  return parts;
}
