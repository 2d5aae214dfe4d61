import type { CallBatch, FunctionPlan, OpenCall } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, unpackCalls } from '../columns/calls.js';
import type { OpenCallRow, SingleCall } from '../document.js';
import { nsToRfc3339 } from '../times/times.js';
import { toCount } from './count.js';
import { waitReason } from './wait-reason.js';

/** The calls of a batch as in the document's `slow_calls`; the batch's rows are of `functions`. */
export function singleCalls(batch: CallBatch, functions: readonly FunctionPlan[]): SingleCall[] {
  return unpackCalls(batch).map((call) => singleCall(call, functions));
}

/** One call as in the document's `slow_calls`. */
export function singleCall(call: Call, functions: readonly FunctionPlan[]): SingleCall {
  return {
    call_id: String(call.callId),
    function: functions[call.row]?.name ?? OTHER,
    at: nsToRfc3339(call.atNs),
    duration_ns: toCount(call.durationNs),
    ...(call.goroutine > 0n && { goroutine: Number(call.goroutine) }),
    thread: call.thread,
    pid: call.pid,
    ...(call.arguments && { arguments: call.arguments }),
    ...(call.results && { results: call.results }),
  };
}

/** One open call as in the document's `open_calls`. */
export function openCallRow(open: OpenCall, functions: readonly FunctionPlan[]): OpenCallRow {
  return {
    function: functions[open.row]?.name ?? OTHER,
    ...(open.goroutine > 0 && { goroutine: open.goroutine }),
    ...(open.thread > 0 && { thread: open.thread }),
    pid: open.pid,
    age_ns: toCount(open.ageNs),
    ...(open.waiting !== '' && { waiting: waitReason(open.waiting) }),
  };
}

/** Name of what has no function of its own. */
export const OTHER = '(other)';
