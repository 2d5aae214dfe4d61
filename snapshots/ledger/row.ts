import type { FunctionPlan, Site } from '../../proto/gen/coral/live/v1/live.js';
import { addInto, emptyHistogram, type Histogram } from '../histogram/arithmetic.js';
import type { SlotValues } from './slot.js';

/** How long, and how often, calls of a row waited for a reason. */
export interface WaitingValues {
  reason: string;
  count: number;
  totalNs: number;
}

/** A function of the session, summed over processes. A value: a later reading is another object. */
export interface Row extends Omit<SlotValues, 'histogram'> {
  readonly index: number;
  readonly name: string;
  readonly plan: FunctionPlan;
  readonly histogram: Histogram;
  /** `plan.sites` with their hits so far. */
  readonly sites: readonly Site[];
  readonly waiting: readonly WaitingValues[];
  /** What its probes cost the target so far. */
  readonly costNs: number;
}

/** Sums of slots' values: counts and histograms add, extremes are the extremes, error bounds add as independent ones. */
export function sumSlots(slots: readonly SlotValues[]): Omit<SlotValues, 'histogram'> & { histogram: Histogram } {
  const histogram = emptyHistogram();
  for (const slot of slots) addInto(histogram, slot.histogram);
  const minima = slots.flatMap((slot) => (slot.minNs === undefined ? [] : [slot.minNs]));
  return {
    ...countsOf(slots),
    sumNs: slots.reduce((sum, slot) => sum + slot.sumNs, 0n),
    ...(minima.length > 0 && { minNs: Math.min(...minima) }),
    maxNs: Math.max(0, ...slots.map((slot) => slot.maxNs)),
    histogram,
    estimated: slots.reduce((bits, slot) => bits | slot.estimated, 0),
    callsError: Math.round(Math.hypot(...slots.map((slot) => slot.callsError))),
  };
}

function countsOf(slots: readonly SlotValues[]) {
  const sum = (count: (slot: SlotValues) => number) => slots.reduce((total, slot) => total + count(slot), 0);
  return {
    calls: sum((slot) => slot.calls),
    returns: sum((slot) => slot.returns),
    inFlight: sum((slot) => slot.inFlight),
    unwound: sum((slot) => slot.unwound),
    untracked: sum((slot) => slot.untracked),
    joinedMidCall: sum((slot) => slot.joinedMidCall),
  };
}
