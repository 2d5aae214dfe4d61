/** Single calls as the wire has them: the kernel's columns, with boot time turned into wall time. Pure. */

import type { CallBatch } from '../../../proto/gen/coral/live/v1/live.js';
import type { CallColumns } from '../../kernel/kernel.js';
import { bytesOf } from './packed.js';

/** The first `count` calls. */
export function packCalls(calls: CallColumns, count: number, wallOffsetNs: bigint, agentId: string): CallBatch {
  const first = <T extends Uint32Array | BigUint64Array>(column: T): Buffer => bytesOf(column.subarray(0, count) as T);
  return {
    row: first(calls.slot),
    atNs: bytesOf(calls.startNs.subarray(0, count).map((startNs) => startNs + wallOffsetNs)),
    durationNs: first(calls.durationNs),
    goroutine: first(calls.goroutine),
    thread: first(calls.thread),
    pid: first(calls.tgid),
    callId: first(calls.callId),
    flags: first(calls.flags),
    values: [],
    agentId,
  };
}

/** What tells one reading of the slowest calls from another: they change only by a call that was not there before. */
export function fingerprintCalls({ callId }: CallColumns): string {
  let sum = 0n;
  for (const id of callId) sum ^= id * 0x9e3779b97f4a7c15n;
  return `${callId.length}/${BigInt.asUintN(64, sum)}`;
}

/** Bytes of a batch on the wire, near enough for a bound. */
export function callBatchBytes(batch: CallBatch): number {
  const columns = batch.row.length * 4 + batch.atNs.length * 4;
  return batch.values.reduce((sum, { arguments: args, results }) => sum + args.length + results.length + 8, columns);
}
