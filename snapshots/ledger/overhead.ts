import type { Overhead } from '../../proto/gen/coral/live/v1/live.js';
import type { Part } from './part.js';

/** Takes a part's new overhead, and its share of the target by time. */
export function takeOverhead(part: Part, overhead: Overhead, elapsedNs: number): void {
  part.targetPercentNs += overhead.percentOfTarget * Math.max(0, elapsedNs - part.elapsedNs);
  part.overhead = overhead;
}

/**
 * Overheads of the parts as one: counts, cost and percent of one CPU add; a hit costs what it does on the dearest host;
 * the share of the targets is the cost over the CPU they used; one unlimited part makes the budget unlimited.
 */
export function sumOverheads(parts: readonly Part[]): Overhead {
  const known = parts.flatMap((part) => (part.overhead ? [part.overhead] : []));
  const sum = (value: (overhead: Overhead) => number) => known.reduce((total, overhead) => total + value(overhead), 0);
  const most = (value: (overhead: Overhead) => number) => Math.max(0, ...known.map(value));
  const budgets = known.map((overhead) => overhead.budgetPercent);
  return {
    hits: sum((overhead) => overhead.hits),
    costNs: sum((overhead) => overhead.costNs),
    percentOfOneCpu: sum((overhead) => overhead.percentOfOneCpu),
    percentOfTarget: shareOfTargets(known),
    emulatedHitNs: most((overhead) => overhead.emulatedHitNs),
    steppedHitNs: most((overhead) => overhead.steppedHitNs),
    budgetPercent: budgets.some((percent) => percent < 0) ? -1 : Math.max(0, ...budgets),
    steps: known.flatMap((overhead) => overhead.steps).sort((a, b) => seconds(a) - seconds(b)),
    rowCostNs: Buffer.alloc(0),
    waitingHits: sum((overhead) => overhead.waitingHits),
  };
}

/** The targets' own time is not known in a stretch too short for the kernel's clock: 0 of it would be wrong. */
export const isShareKnown = (costNs: number, percentOfTarget: number): boolean => costNs === 0 || percentOfTarget > 0;

/** Mean share of the targets since the session's start. */
export function meanTargetPercent(parts: readonly Part[]): number {
  const elapsedNs = parts.reduce((sum, part) => sum + part.elapsedNs, 0);
  return elapsedNs === 0 ? 0 : parts.reduce((sum, part) => sum + part.targetPercentNs, 0) / elapsedNs;
}

/** Percent of a CPU over percent of its target gives the target's CPUs; parts that measured neither say nothing. */
function shareOfTargets(overheads: readonly Overhead[]): number {
  const measured = overheads.filter((overhead) => overhead.percentOfOneCpu > 0 && overhead.percentOfTarget > 0);
  const cpus = measured.reduce((sum, overhead) => sum + overhead.percentOfOneCpu / overhead.percentOfTarget, 0);
  return cpus === 0 ? 0 : measured.reduce((sum, overhead) => sum + overhead.percentOfOneCpu, 0) / cpus;
}

const seconds = (step: Overhead['steps'][number]): number => (step.at?.seconds ?? 0) + (step.at?.nanos ?? 0) / 1e9;
