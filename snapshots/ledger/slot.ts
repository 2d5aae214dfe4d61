import { CoralError } from '../../proto/errors.js';
import { CALLS_WINDOWED, type FunctionTable, NO_MIN_NS } from '../columns/functions.js';
import type { SparseHistogram } from '../histogram/arithmetic.js';

/** What is known of one function in one process, since the session's start. */
export interface SlotValues {
  calls: number;
  returns: number;
  inFlight: number;
  unwound: number;
  untracked: number;
  joinedMidCall: number;
  sumNs: bigint;
  /** Absent: no return yet. */
  minNs?: number;
  maxNs: number;
  histogram: SparseHistogram;
  /** LATENCY_WINDOWED, CALLS_WINDOWED. */
  estimated: number;
  /** Half width of the 95 % interval of estimated calls. */
  callsError: number;
}

/** The values at index `i` of a tick's functions. */
export function slotValuesAt(table: FunctionTable, i: number): SlotValues {
  const minNs = table.minNs[i]!;
  return {
    calls: table.calls[i]!,
    returns: table.returns[i]!,
    inFlight: table.inFlight[i]!,
    unwound: table.unwound[i]!,
    untracked: table.untracked[i]!,
    joinedMidCall: table.joinedMidCall[i]!,
    sumNs: table.sumNs[i]!,
    ...(minNs !== NO_MIN_NS && { minNs: Number(minNs) }),
    maxNs: table.maxNs[i]!,
    histogram: table.histograms[i]!,
    estimated: table.estimated[i]!,
    callsError: table.callsError[i]!,
  };
}

/** Throws INTERNAL when what can only grow has shrunk. Estimated calls may be corrected downwards. */
export function requireGrowth(slot: number, before: SlotValues | undefined, now: SlotValues): void {
  if (!before) return;
  const exact = !(now.estimated & CALLS_WINDOWED);
  if (exact && now.calls < before.calls) shrunk(slot, 'calls', before.calls, now.calls);
  if (now.returns < before.returns) shrunk(slot, 'returns', before.returns, now.returns);
  let at = 0;
  before.histogram.bucket.forEach((bucket, i) => {
    while (at < now.histogram.bucket.length && now.histogram.bucket[at]! < bucket) at++;
    const count = now.histogram.bucket[at] === bucket ? now.histogram.count[at]! : 0;
    if (count < before.histogram.count[i]!) shrunk(slot, `bucket ${bucket}`, before.histogram.count[i]!, count);
  });
}

function shrunk(slot: number, what: string, before: number, now: number): never {
  throw new CoralError('INTERNAL', `slot ${slot}: ${what} went from ${before} down to ${now}`);
}
