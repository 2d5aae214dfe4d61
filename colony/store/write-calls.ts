/** Single calls into the history: their numbers by columns, what they share once, captured values beside them. */

import { BIGINT, UBIGINT, UINTEGER, VARCHAR } from '@duckdb/node-api';
import { rowsIn, unpackU32, unpackU64 } from '../../snapshots/columns/words.js';
import type { CallNames, CallRows } from './call-names.js';
import type { Database, NumberColumn } from './database.js';

/** Writes calls of any number of sessions in one transaction: its price is the same for one and for thousands. */
export async function writeCalls(database: Database, names: CallNames, calls: readonly CallRows[]): Promise<void> {
  try {
    await database.transaction(async () => {
      const columns = columnsOf(names, calls);
      await database.appendRows('call_names', [UINTEGER, VARCHAR, VARCHAR, VARCHAR, VARCHAR], names.takeFresh());
      await database.appendColumns('calls', columns);
      await database.appendRows('call_values', [UINTEGER, UBIGINT, BIGINT, VARCHAR, VARCHAR], valuesOf(names, calls));
    });
  } catch (error) {
    names.forget();
    throw error;
  }
}

/** What was captured, under the call that it belongs to: its name, number and time. */
function valuesOf(names: CallNames, calls: readonly CallRows[]): (string | number | bigint)[][] {
  return calls
    .filter(({ batch }) => batch.values.length > 0)
    .flatMap((rows) => {
      const { batch } = rows;
      const ids = names.idsOf(rows);
      const callIds = unpackU64(batch.callId, ids.length, 'callId');
      const times = unpackU64(batch.atNs, ids.length, 'atNs');
      return batch.values.map(({ index, arguments: taken, results }) => [
        ids[index]!,
        callIds[index]!,
        times[index]!,
        textOf(taken),
        textOf(results),
      ]);
    });
}

const textOf = (json: Uint8Array): string => Buffer.from(json).toString('utf8');

type U32 = 'thread' | 'pid' | 'flags';
type U64 = 'goroutine' | 'callId' | 'atNs' | 'durationNs';

function columnsOf(names: CallNames, calls: readonly CallRows[]): NumberColumn[] {
  const counts = calls.map(({ batch }) => rowsIn(batch.row, 'row'));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const u32 = (name: U32) => fill(new Uint32Array(rows), calls, ({ batch }, at) => unpackU32(batch[name], counts[at]!, name));
  const u64 = (name: U64) => fill(new BigUint64Array(rows), calls, ({ batch }, at) => unpackU64(batch[name], counts[at]!, name));
  // Times fit 63 bits until the year 2262.
  const ns = (name: U64) => ({ type: BIGINT, values: new BigInt64Array(u64(name).buffer) });
  return [
    { type: UINTEGER, values: fill(new Uint32Array(rows), calls, (one) => names.idsOf(one)) },
    ns('atNs'),
    ns('durationNs'),
    { type: UBIGINT, values: u64('goroutine') },
    { type: UINTEGER, values: u32('thread') },
    { type: UINTEGER, values: u32('pid') },
    { type: UBIGINT, values: u64('callId') },
    { type: UINTEGER, values: u32('flags') },
  ];
}

/** One column of all calls, one session's after the other's. */
function fill<Words extends Uint32Array | BigUint64Array>(
  all: Words,
  calls: readonly CallRows[],
  column: (one: CallRows, at: number) => Words,
): Words {
  let filled = 0;
  for (const [at, one] of calls.entries()) {
    const words = column(one, at);
    all.set(words as never, filled);
    filled += words.length;
  }
  return all;
}
