import { CoralError } from '../../proto/errors.js';
import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import type { CapturedValue } from '../document.js';
import { packU32, packU64, rowsIn, unpackCounts, unpackU32, unpackU64 } from './words.js';

/** Bits of `flags`, as CORAL_CALL_ of bpf/coral.h. */
export const CALL_SLOW = 1;
export const CALL_SAMPLED = 2;
export const CALL_CAPTURED = 4;
export const CALL_MATCHED = 8;

/** One call that is shown singly. */
export interface Call {
  row: number;
  /** Unix time of the start. */
  atNs: bigint;
  durationNs: number;
  /** 0: not a goroutine. */
  goroutine: bigint;
  thread: number;
  pid: number;
  callId: bigint;
  flags: number;
  arguments?: CapturedValue[];
  results?: CapturedValue[];
}

/** Packs calls that are shown singly. */
export function packCalls(calls: readonly Call[], agentId = ''): CallBatch {
  return {
    row: packU32(calls.map((call) => call.row)),
    atNs: packU64(calls.map((call) => call.atNs)),
    durationNs: packU64(calls.map((call) => call.durationNs)),
    goroutine: packU64(calls.map((call) => call.goroutine)),
    thread: packU32(calls.map((call) => call.thread)),
    pid: packU32(calls.map((call) => call.pid)),
    callId: packU64(calls.map((call) => call.callId)),
    flags: packU32(calls.map((call) => call.flags)),
    values: calls.flatMap((call, index) =>
      call.arguments || call.results ? [{ index, arguments: json(call.arguments), results: json(call.results) }] : [],
    ),
    agentId,
  };
}

/** Unpacks calls that are shown singly; throws INTERNAL when a column's length or a value does not fit. */
export function unpackCalls(batch: CallBatch): Call[] {
  const rows = rowsIn(batch.row, 'row');
  const row = unpackU32(batch.row, rows, 'row');
  const atNs = unpackU64(batch.atNs, rows, 'atNs');
  const durationNs = unpackCounts(batch.durationNs, rows, 'durationNs');
  const goroutine = unpackU64(batch.goroutine, rows, 'goroutine');
  const thread = unpackU32(batch.thread, rows, 'thread');
  const pid = unpackU32(batch.pid, rows, 'pid');
  const callId = unpackU64(batch.callId, rows, 'callId');
  const flags = unpackU32(batch.flags, rows, 'flags');
  const calls: Call[] = Array.from(row, (at, i) => ({
    row: at,
    atNs: atNs[i]!,
    durationNs: durationNs[i]!,
    goroutine: goroutine[i]!,
    thread: thread[i]!,
    pid: pid[i]!,
    callId: callId[i]!,
    flags: flags[i]!,
  }));
  for (const values of batch.values) Object.assign(captured(calls, values.index), valuesIn(values));
  return calls;
}

function captured(calls: Call[], index: number): Call {
  const call = calls[index];
  if (!call) throw new CoralError('INTERNAL', `captured values of call ${index} in a batch of ${calls.length}`);
  return call;
}

function valuesIn(values: { arguments: Uint8Array; results: Uint8Array }): Pick<Call, 'arguments' | 'results'> {
  return {
    ...(values.arguments.length > 0 && { arguments: parse(values.arguments) }),
    ...(values.results.length > 0 && { results: parse(values.results) }),
  };
}

const json = (values: CapturedValue[] | undefined): Buffer => Buffer.from(values ? JSON.stringify(values) : '');

function parse(bytes: Uint8Array): CapturedValue[] {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as CapturedValue[];
  } catch (cause) {
    throw new CoralError('INTERNAL', 'captured values of a call are not JSON', '', {}, { cause });
  }
}
