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
  SELECT make_timestamptz((c.at_ns + c.duration_ns) // 1000), $1, $2, $3, coalesce(n.name, ''), 'exit', c.duration_ns,
    c.pid::INTEGER, c.thread::INTEGER,
    CASE WHEN v.place IS NULL THEN NULL ELSE MAP {'arguments': v.arguments, 'results': v.results} END,
    c.at_ns + c.duration_ns, c.call_id, c.goroutine, c.flags
  FROM staged_calls c LEFT JOIN staged_names n USING (row) LEFT JOIN staged_values v USING (place)`;

export async function writeCalls(database: Database, calls: CallRows): Promise<void> {
  const { batch, names, sessionId, service } = calls;
  await database.transaction(async () => {
    for (const table of ['staged_calls', 'staged_names', 'staged_values']) await database.run(`DELETE FROM ${table}`);
    await database.appendColumns('staged_calls', columnsOf(batch));
    await database.appendRows(
      'staged_names',
      [UINTEGER, VARCHAR],
      names.map((name, row) => [row, name]),
    );
    await database.appendRows(
      'staged_values',
      [UINTEGER, VARCHAR, VARCHAR],
      batch.values.map(({ index, arguments: taken, results }) => [index, textOf(taken), textOf(results)]),
    );
    await database.run(MOVE, [sessionId, batch.agentId, service]);
  });
}

const textOf = (json: Uint8Array): string => Buffer.from(json).toString('utf8');

function columnsOf(batch: CallBatch): NumberColumn[] {
  const rows = rowsIn(batch.row, 'row');
  const u32 = (name: 'row' | 'thread' | 'pid' | 'flags') => ({ type: UINTEGER, values: unpackU32(batch[name], rows, name) });
  const u64 = (name: 'goroutine' | 'callId') => ({ type: UBIGINT, values: unpackU64(batch[name], rows, name) });
  const ns = (name: 'atNs' | 'durationNs') => ({ type: BIGINT, values: signed(unpackU64(batch[name], rows, name)) });
  const place = { type: UINTEGER, values: Uint32Array.from({ length: rows }, (_, at) => at) };
  return [
    u32('row'),
    ns('atNs'),
    ns('durationNs'),
    u64('goroutine'),
    u32('thread'),
    u32('pid'),
    u64('callId'),
    u32('flags'),
    place,
  ];
}

/** Times fit 63 bits until the year 2262. */
const signed = (words: BigUint64Array): BigInt64Array => new BigInt64Array(words.buffer, words.byteOffset, words.length);
