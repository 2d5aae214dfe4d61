/** What the windows say of the time between them: each speaks for what lies next to it. Pure. */

/** A time in which the entries were not armed, and what the process used of processors and waited for them. */
export interface Unseen {
  ns: number;
  cpuNs: number;
  waitNs: number;
}

/** A time in which the entries were armed, what the probes cost in it, and the unseen time that follows it. */
export interface Stretch extends Unseen {
  calls: number;
  costNs: number;
  /**
   * `probed`: all the time (at first, or again), up to where that became too much, which says little of what follows;
   * `timed`: a window with return probes, which slow a program most; `counted`: one without.
   */
  kind: 'probed' | 'timed' | 'counted';
  after: Unseen;
  /** Of one in which it was probed all the time: since the last look before that became too much. */
  end?: Pick<Stretch, 'ns' | 'calls' | 'costNs'>;
}

/** Of the unseen time, had it been like the windows: calls, cost of probes, processor time, waiting for processors. */
export interface Expected {
  calls: number;
  costNs: number;
  cpuNs: number;
  waitNs: number;
  /** Calls, had each window been longer by what the probes cost in it, times a factor, and by a share that was waited; Infinity: they cannot tell. */
  undelayed(costFactor: number, waitShare: number): number;
  /** Of `calls`, by how the windows' rates differ. */
  standardError: number;
  windows: number;
  /** Windows with calls. */
  active: number;
}

/** Those that were slowed least first. */
export const KINDS_BY_WORTH: readonly Stretch['kind'][] = ['counted', 'timed', 'probed'];

/** Indexes of the stretches that the unseen time is told by: those that were slowed least, if there are any. */
export function stretchesThatTell(stretches: readonly Stretch[]): number[] {
  const byKind: Record<Stretch['kind'], number[]> = { counted: [], timed: [], probed: [] };
  stretches.forEach(({ kind, ns }, i) => {
    if (ns > 0) byKind[kind].push(i);
  });
  return KINDS_BY_WORTH.map((kind) => byKind[kind]).find((some) => some.length > 0) ?? [];
}

/** Unseen time is told by the telling stretches before and after it, half by each. */
export function expectUnseen(stretches: readonly Stretch[], telling: readonly number[]): Expected {
  const weights = weigh(stretches, telling);
  const windows = telling.map((i) => stretches[i]!);
  const total = (column: 'calls' | 'costNs' | 'cpuNs' | 'waitNs') =>
    sum(windows.map((window, i) => (weights[i]! * window[column]) / window.ns));
  return {
    calls: total('calls'),
    costNs: total('costNs'),
    cpuNs: total('cpuNs'),
    waitNs: total('waitNs'),
    undelayed: (costFactor, waitShare) =>
      sum(windows.map((window, i) => undelayed(window, weights[i]!, window.costNs * costFactor + window.ns * waitShare))),
    standardError: standardError(windows, weights),
    windows: windows.length,
    active: windows.filter(({ calls }) => calls > 0).length,
  };
}

/** A window of which less is left says nothing of how many calls it would have had: hits cost more where others cool the caches. */
const LEAST_LEFT = 0.5;

export function undelayed({ calls, ns }: Pick<Stretch, 'calls' | 'ns'>, unseenNs: number, delayNs: number): number {
  if (calls === 0 || unseenNs === 0) return 0;
  const leftNs = ns - delayNs;
  return leftNs < LEAST_LEFT * ns ? Number.POSITIVE_INFINITY : (unseenNs * calls) / leftNs;
}

/** The unseen time, ns, that each telling stretch speaks for. */
function weigh(stretches: readonly Stretch[], telling: readonly number[]): number[] {
  const weights = telling.map(() => 0);
  let next = 0;
  stretches.forEach(({ after }, i) => {
    while (next < telling.length && telling[next]! <= i) next++;
    const neighbours = [next - 1, next].filter((at) => at >= 0 && at < telling.length);
    for (const at of neighbours) weights[at]! += after.ns / neighbours.length;
  });
  return weights;
}

/** By the differences between neighbours, so that a rate that drifts counts as no spread. */
function standardError(windows: readonly Stretch[], weights: readonly number[]): number {
  const rates = windows.map(({ calls, ns }) => calls / ns);
  const squares = rates.slice(1).map((rate, i) => (rate - rates[i]!) ** 2 / 2);
  if (squares.length === 0) return 0;
  return Math.sqrt((sum(squares) / squares.length) * sum(weights.map((weight) => weight ** 2)));
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
