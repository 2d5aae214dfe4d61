/** Hits of the slots' probes so far, and what they have cost. Pure. */

import type { Calibration } from '../../kernel/kernel.js';
import { type CostedSite, hitNs, type ReplacedReturns } from '../ticks/overhead.js';

/** By slot; costs in ns. */
export interface SlotCosts {
  entryHits: Float64Array;
  returnHits: Float64Array;
  entryCostNs: Float64Array;
  returnCostNs: Float64Array;
}

export function readSlotCosts(
  hits: BigUint64Array,
  sites: readonly CostedSite[],
  slots: number,
  calibration: Calibration,
  replaced: readonly ReplacedReturns[],
): SlotCosts {
  const column = () => new Float64Array(slots);
  const costs = { entryHits: column(), returnHits: column(), entryCostNs: column(), returnCostNs: column() };
  for (const { site, slot, cost, isReturn } of sites) {
    const count = Number(hits[site]!);
    costs[isReturn ? 'returnHits' : 'entryHits'][slot]! += count;
    costs[isReturn ? 'returnCostNs' : 'entryCostNs'][slot]! += count * hitNs(cost, calibration);
  }
  for (const { slot, count } of replaced) {
    costs.returnHits[slot]! += count;
    costs.returnCostNs[slot]! += count * calibration.replacedReturnNs;
  }
  return costs;
}
