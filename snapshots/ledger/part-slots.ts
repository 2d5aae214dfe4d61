/** The slots of a part as they become more: what is counted a slot or a site grows with them. */

import type { FunctionPlan } from '../../proto/gen/coral/live/v1/live.js';
import { type Part, siteCount } from './part.js';

/** Appends slots; `rows`: the session's row of each. What is known of the older ones stays. */
export function appendSlots(part: Part, slots: readonly FunctionPlan[], rows: readonly number[]): void {
  part.rows.push(...rows);
  part.slots.push(...slots);
  part.siteHits = grown(part.siteHits, siteCount(part.slots));
  refit(part);
}

/** For a part that is in the session's rows: its slots are these functions. Hits of sites come with the next tick. */
export function slotsAreRows(part: Part, functions: readonly FunctionPlan[]): void {
  part.slots = [...functions];
  part.rows = functions.map((_, row) => row);
  part.siteHits = new Float64Array(siteCount(part.slots));
  refit(part);
}

function refit(part: Part): void {
  part.firstSites = firstSites(part.slots);
  part.slotCostNs = grown(part.slotCostNs, part.slots.length);
}

/** Where each slot's sites begin among the sites of all. */
function firstSites(slots: readonly FunctionPlan[]): number[] {
  let next = 0;
  return slots.map((slot) => {
    const first = next;
    next += slot.sites.length;
    return first;
  });
}

/** A longer array that begins with the old values. */
function grown(values: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}
