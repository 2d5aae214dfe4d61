/** Single calls into debug_events: numbers are staged by columns, the database joins names and values to them. */

import { BIGINT, UBIGINT, UINTEGER, VARCHAR } from '@duckdb/node-api';
import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import { rowsIn, unpackU32, unpackU64 } from '../../snapshots/columns/words.js';
import type { Database, NumberColumn } from './database.js';

/** Calls of one session; `names` by row. */
export interface CallRows {
  readonly sessionId: string;
  readonly service: string;
  readonly names: readonly string[];
  readonly batch: CallBatch;
}

/** The labels of captured calls hold what was captured; of the others, nothing. */
const MOVE = `INSERT INTO debug_events
  SELECT make_timestamptz((c.at_ns + c.duration_ns) // 1000), n.session_id, n.agent_id, n.service, n.name, 'exit', c.duration_ns,
    c.pid::INTEGER, c.thread::INTEGER,
    CASE WHEN v.place IS NULL THEN NULL ELSE MAP {'arguments': v.arguments, 'results': v.results} END,
    c.at_ns + c.duration_ns, c.call_id, c.goroutine, c.flags
  FROM staged_calls c JOIN staged_names n ON n.id = c.name LEFT JOIN staged_values v USING (place)`;

/** Writes calls of any number of sessions in one transaction: its price is the same for one and for thousands. */
export async function writeCalls(database: Database, calls: readonly CallRows[]): Promise<void> {
  await database.transaction(async () => {
    for (const table of ['staged_calls', 'staged_names', 'staged_values']) await database.run(`DELETE FROM ${table}`);
    await database.appendColumns('staged_calls', columnsOf(calls));
    await database.appendRows('staged_names', [UINTEGER, VARCHAR, VARCHAR, VARCHAR, VARCHAR], namesOf(calls));
    await database.appendRows('staged_values', [UINTEGER, VARCHAR, VARCHAR], valuesOf(calls));
    await database.run(MOVE);
  });
}

/** Ids of a batch's names begin after those of the batches before; the last one stands for a row without a name. */
function namesOf(calls: readonly CallRows[]): (string | number)[][] {
  let id = 0;
  return calls.flatMap(({ names, sessionId, service, batch }) =>
    [...names, ''].map((name) => [id++, sessionId, batch.agentId, service, name]),
  );
}

function valuesOf(calls: readonly CallRows[]): (string | number)[][] {
  let first = 0;
  return calls.flatMap(({ batch }) => {
    const values = batch.values.map(({ index, arguments: taken, results }) => [first + index, textOf(taken), textOf(results)]);
    first += rowsOf(batch);
    return values;
  });
}

const rowsOf = (batch: CallBatch): number => rowsIn(batch.row, 'row');

const textOf = (json: Uint8Array): string => Buffer.from(json).toString('utf8');

type Word = 'goroutine' | 'callId' | 'atNs' | 'durationNs';

function columnsOf(calls: readonly CallRows[]): NumberColumn[] {
  const rows = calls.reduce((sum, { batch }) => sum + rowsOf(batch), 0);
  const u32 = (name: 'thread' | 'pid' | 'flags') =>
    fill32(rows, calls, ({ batch }, count) => unpackU32(batch[name], count, name));
  const u64 = (name: Word) => fill64(rows, calls, ({ batch }, count) => unpackU64(batch[name], count, name));
  // Times fit 63 bits until the year 2262.
  const ns = (name: Word) => ({ type: BIGINT, values: new BigInt64Array(u64(name).buffer) });
  return [
    { type: UINTEGER, values: nameIds(rows, calls) },
    ns('atNs'),
    ns('durationNs'),
    { type: UBIGINT, values: u64('goroutine') },
    { type: UINTEGER, values: u32('thread') },
    { type: UINTEGER, values: u32('pid') },
    { type: UBIGINT, values: u64('callId') },
    { type: UINTEGER, values: u32('flags') },
    { type: UINTEGER, values: Uint32Array.from({ length: rows }, (_, place) => place) },
  ];
}

function nameIds(rows: number, calls: readonly CallRows[]): Uint32Array {
  let first = 0;
  return fill32(rows, calls, ({ names, batch }, count) => {
    const ids = unpackU32(batch.row, count, 'row').map((row) => first + Math.min(row, names.length));
    first += names.length + 1;
    return ids;
  });
}

function fill32(rows: number, calls: readonly CallRows[], column: (calls: CallRows, count: number) => Uint32Array): Uint32Array {
  const all = new Uint32Array(rows);
  let at = 0;
  for (const one of calls) {
    all.set(column(one, rowsOf(one.batch)), at);
    at += rowsOf(one.batch);
  }
  return all;
}

function fill64(
  rows: number,
  calls: readonly CallRows[],
  column: (calls: CallRows, count: number) => BigUint64Array,
): BigUint64Array {
  const all = new BigUint64Array(rows);
  let at = 0;
  for (const one of calls) {
    all.set(column(one, rowsOf(one.batch)), at);
    at += rowsOf(one.batch);
  }
  return all;
}
