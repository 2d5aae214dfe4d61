/** Single calls a second into DuckDB, from the agents' packed columns to the committed rows of the history. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallNames, type CallRows } from '../colony/store/call-names.js';
import { Database } from '../colony/store/database.js';
import { writeCalls } from '../colony/store/write-calls.js';
import { CallBatch } from '../proto/gen/coral/live/v1/live.js';
import { packU32, packU64 } from '../snapshots/columns/words.js';
import type { Measurement } from './report.js';

const ROWS_TOGETHER = 20_000;
const BATCHES = 30;
const FUNCTIONS = ['main.Checkout', 'main.validateCard', 'main.processPayment', 'main.Reserve'];

/** What the store's thread writes, on one CPU; the rows are counted in the database afterwards. */
export async function* measureStore(): AsyncIterable<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'coral-bench-'));
  try {
    const database = await Database.open(join(folder, 'history.duckdb'));
    const names = await CallNames.read(database);
    const batches = Array.from({ length: BATCHES }, (_, batch) => callsOf(batch));
    const started = performance.now();
    for (const batch of batches) await writeCalls(database, names, [batch]);
    const seconds = (performance.now() - started) / 1000;
    const [{ written } = { written: 0 }] = await database.rows('SELECT count(*) AS written FROM debug_events');
    const expected = ROWS_TOGETHER * BATCHES;
    if (Number(written) !== expected) throw new Error(`${written} rows were written, not ${expected}`);
    yield { what: 'single calls into DuckDB', value: expected / seconds, unit: 'calls/s', goal: { atLeast: 200_000 } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function callsOf(batch: number): CallRows {
  const first = batch * ROWS_TOGETHER;
  const words = (value: (n: number) => number) => packU32(Uint32Array.from({ length: ROWS_TOGETHER }, (_, n) => value(n)));
  const longs = (value: (n: number) => number) =>
    packU64(BigUint64Array.from({ length: ROWS_TOGETHER }, (_, n) => BigInt(value(n))));
  const columns = {
    agentId: 'host-a',
    row: words((n) => n % FUNCTIONS.length),
    thread: words((n) => 4711 + (n % 8)),
    pid: words(() => 4711),
    flags: words(() => 1),
    atNs: longs((n) => 1_700_000_000_000_000_000 + (first + n) * 5000),
    durationNs: longs((n) => 50_000 + ((n * 7919) % 1_000_000)),
    goroutine: longs((n) => n % 5000),
    callId: longs((n) => first + n),
  };
  return { sessionId: 'dbg-bench', service: 'checkout', names: FUNCTIONS, batch: CallBatch.fromPartial(columns) };
}
