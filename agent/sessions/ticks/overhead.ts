/** What the probes cost the target: hits by site times the calibrated cost of a hit. Pure. */

import type { BudgetStep, Overhead } from '../../../proto/gen/coral/live/v1/live.js';
import type { Calibration } from '../../kernel/kernel.js';
import { bytesOf } from './packed.js';

/** A site's part in the bill. */
export interface CostedSite {
  /** Its number in the kernel's columns. */
  site: number;
  /** The row that it is charged to; -1: to the session. */
  slot: number;
  cost: 'emulated' | 'stepped';
  /** Where calls only end. */
  isReturn: boolean;
}

/** Returns of a slot by uprobe.session so far: they cost, and have no site. */
export interface ReplacedReturns {
  slot: number;
  count: number;
}

/** Running totals at one moment. */
export interface CostReading {
  bootNs: bigint;
  hits: number;
  /** Of these, at sites that measure waiting. */
  waitingHits: number;
  costNs: number;
  /** Of all targets, user and system, ns. */
  targetCpuNs: number;
  slotCostNs: number[];
}

/** What one hit costs, ns. */
export const hitNs = (cost: CostedSite['cost'], calibration: Calibration): number =>
  cost === 'emulated' ? calibration.emulatedHitNs : calibration.steppedHitNs;

/** Adds up the sites' hits so far, and the returns that have none. */
export function readCost(
  hits: BigUint64Array,
  sites: readonly CostedSite[],
  slots: number,
  calibration: Calibration,
  at: { bootNs: bigint; targetCpuNs: number },
  replaced: readonly ReplacedReturns[] = [],
): CostReading {
  const slotCostNs = new Array<number>(slots).fill(0);
  let [totalHits, waitingHits, costNs] = [0, 0, 0];
  for (const { site, slot, cost } of sites) {
    const count = Number(hits[site] ?? 0n);
    totalHits += count;
    costNs += count * hitNs(cost, calibration);
    if (slot >= 0) slotCostNs[slot]! += count * hitNs(cost, calibration);
    else waitingHits += count;
  }
  for (const { slot, count } of replaced) {
    totalHits += count;
    costNs += count * calibration.replacedReturnNs;
    slotCostNs[slot]! += count * calibration.replacedReturnNs;
  }
  return { ...at, hits: totalHits, waitingHits, costNs, slotCostNs };
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
    waitingHits: now.waitingHits,
    rowCostNs: bytesOf(BigUint64Array.from(now.slotCostNs, (cost) => BigInt(Math.round(cost)))),
  };
}

/** One call's cost, entry and returns, averaged over functions that each have one entry and at most one return a call. */
export function estimateHitCostNs(
  functions: readonly { entryCost: string; how: string; returnSites: number }[],
  calibration: Calibration,
): number {
  if (functions.length === 0) return 0;
  const cost = functions.map(({ entryCost, how, returnSites }) => {
    const entryNs = entryCost === 'stepped' ? calibration.steppedHitNs : calibration.emulatedHitNs;
    const returnNs = returnSites > 0 ? calibration.steppedHitNs : calibration.replacedReturnNs;
    return how === 'timed' ? entryNs + returnNs : entryNs;
  });
  return Math.round(cost.reduce((sum, each) => sum + each, 0) / functions.length);
}

const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : 0);
