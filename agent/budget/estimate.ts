/** Counts of a function whose entry probes were windowed: what was seen, what was probably missed, and how sure that is. */

/** Equal rates leave a spread of rounding errors, which is no uncertainty. */
const ROUNDING = 1e-6;
/** What the calibrated cost of a hit may be wrong by, under load and with cold caches. */
const COST_ERROR = 0.35;
/** No call takes less. */
const SHORTEST_CALL_NS = 1;
/** Windows whose probes took a larger part of the time, compared with the cheapest, say less and are left out. */
const COMPARABLE = 1.5;

/** One stretch of time in which the entries were armed: what the probes cost in it, and what the process used of processors. */
export interface SeenWindow {
  calls: number;
  ns: number;
  costNs: number;
  cpuNs: number;
}

/** `calls` counted and estimated together; `error`: half width of the 95 % interval; `seen`: what was really counted. */
export interface EstimatedCalls {
  calls: number;
  error: number;
  seen: number;
}

/** The time outside of the windows, and what the process used of processors in it. */
export interface UnseenTime {
  ns: number;
  cpuNs: number;
}

/**
 * Calls in seen windows and in the unseen time. In a window a program that calls as fast as it can is slowed by the
 * probes, one that is called from outside is not: the missed calls lie between what either would have made, and the
 * interval spans both, with the spread of the windows' rates on top. Where the probes' cost came on top of what the process
 * uses of processors, the second is likely, and is the estimate; else the middle.
 */
export function estimateCalls(windows: readonly SeenWindow[], unseen: UnseenTime): EstimatedCalls {
  const seen = sum(windows.map((window) => window.calls));
  const cheap = cheapest(windows);
  const total = (column: keyof SeenWindow) => sum(cheap.map((window) => window[column]));
  const all = { calls: total('calls'), ns: total('ns'), costNs: total('costNs'), cpuNs: total('cpuNs') };
  if (all.ns === 0 || unseen.ns === 0) return { calls: seen, error: 0, seen };
  const fewest = (all.calls / all.ns) * unseen.ns;
  const most = Math.max(fewest, unslowedRate(all) * unseen.cpuNs);
  const likely = isPaced(all, unseen) ? fewest : (fewest + most) / 2;
  const standardError = cheap.length > 1 ? spread(cheap, all.calls / all.ns, all.ns) : Math.sqrt(all.calls) / all.ns;
  return {
    calls: Math.round(seen + likely),
    error: Math.max(0, Math.ceil(most - likely + 1.96 * standardError * unseen.ns - ROUNDING)),
    seen,
  };
}

/** Likely, not certain: a process that others keep from the processors may look so too. */
function isPaced({ ns, costNs, cpuNs }: SeenWindow, unseen: UnseenTime): boolean {
  const onTopShare = cpuNs / ns - unseen.cpuNs / unseen.ns;
  return costNs > 0 && onTopShare >= (1 - COST_ERROR) * (costNs / ns);
}

/** Calls a ns of processor time, were it all spent on these calls and their probes not there. */
function unslowedRate({ calls, costNs, cpuNs }: SeenWindow): number {
  const freeNs = cpuNs - costNs * (1 + COST_ERROR);
  return freeNs > 0 ? Math.min(calls / freeNs, 1 / SHORTEST_CALL_NS) : 1 / SHORTEST_CALL_NS;
}

/** Windows without calls were slowed by nothing: they say how often there are none, and nothing of what is cheap. */
function cheapest(windows: readonly SeenWindow[]): SeenWindow[] {
  const share = ({ ns, costNs }: SeenWindow) => (ns > 0 ? costNs / ns : Number.POSITIVE_INFINITY);
  const least = Math.min(...windows.filter(({ calls }) => calls > 0).map(share));
  return windows.filter((window) => window.calls === 0 || share(window) <= least * COMPARABLE);
}

/** Standard error of a ratio estimate: windows differ in length, so residuals are of calls, not of rates. */
function spread(windows: readonly SeenWindow[], rate: number, seenNs: number): number {
  const n = windows.length;
  const squares = sum(windows.map((window) => (window.calls - rate * window.ns) ** 2));
  return Math.sqrt((n / (n - 1)) * squares) / seenNs;
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
