/** What the probes cost the target: hits by site times the calibrated cost of a hit. Pure. */

import type { BudgetStep, Overhead } from '../../proto/gen/coral/live/v1/live.js';
import type { Calibration } from '../kernel/kernel.js';
import { bytesOf } from './packed.js';

/** A site's part in the bill. */
export interface CostedSite {
  slot: number;
  cost: 'emulated' | 'stepped';
}

/** Running totals at one moment. */
export interface CostReading {
  bootNs: bigint;
  hits: number;
  costNs: number;
  /** Of all targets, user and system, ns. */
  targetCpuNs: number;
  slotCostNs: number[];
}

/** Adds up the sites' hits so far. */
export function readCost(
  hits: BigUint64Array,
  sites: readonly CostedSite[],
  slots: number,
  calibration: Calibration,
  at: { bootNs: bigint; targetCpuNs: number },
): CostReading {
  const slotCostNs = new Array<number>(slots).fill(0);
  let total = 0;
  sites.forEach(({ slot, cost }, i) => {
    const count = Number(hits[i] ?? 0n);
    total += count;
    slotCostNs[slot]! += count * (cost === 'emulated' ? calibration.emulatedHitNs : calibration.steppedHitNs);
  });
  return { ...at, hits: total, costNs: slotCostNs.reduce((sum, cost) => sum + cost, 0), slotCostNs };
}

/** The wire's form; percentages are since `before`. */
export function describeOverhead(
  now: CostReading,
  before: CostReading,
  calibration: Calibration,
  budget: { percent: number; steps: BudgetStep[] },
): Overhead {
  const costNs = now.costNs - before.costNs;
  return {
    hits: now.hits,
    costNs: Math.round(now.costNs),
    percentOfOneCpu: percent(costNs, Number(now.bootNs - before.bootNs)),
    percentOfTarget: percent(costNs, now.targetCpuNs - before.targetCpuNs),
    emulatedHitNs: Math.round(calibration.emulatedHitNs),
    steppedHitNs: Math.round(calibration.steppedHitNs),
    budgetPercent: budget.percent,
    steps: budget.steps,
    rowCostNs: bytesOf(BigUint64Array.from(now.slotCostNs, (cost) => BigInt(Math.round(cost)))),
  };
}

/** One call's cost, entry and returns, averaged over functions that each have one entry and at most one return a call. */
export function estimateHitCostNs(functions: readonly { entryCost: string; how: string }[], calibration: Calibration): number {
  if (functions.length === 0) return 0;
  const cost = functions.map(({ entryCost, how }) => {
    const entryNs = entryCost === 'stepped' ? calibration.steppedHitNs : calibration.emulatedHitNs;
    return how === 'timed' ? entryNs + calibration.steppedHitNs : entryNs;
  });
  return Math.round(cost.reduce((sum, each) => sum + each, 0) / functions.length);
}

const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : 0);
