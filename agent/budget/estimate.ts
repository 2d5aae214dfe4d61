/** Counts of a function whose entry probes were windowed: what was seen, what was probably missed, and how sure that is. */

/** Equal rates leave a spread of rounding errors, which is no uncertainty. */
const ROUNDING = 1e-6;
/** What the calibrated cost of a hit may be wrong by, under load and with cold caches. */
const COST_ERROR = 0.15;
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

/**
 * Calls in seen windows and `unseenNs` outside of them. In a window a program that calls as fast as it can is slowed by
 * the probes, one that is called from outside is not: the rate lies between both readings, and the interval spans them,
 * with the spread of the windows' rates on top.
 */
export function estimateCalls(windows: readonly SeenWindow[], unseenNs: number): EstimatedCalls {
  const seen = sum(windows.map((window) => window.calls));
  const cheap = cheapest(windows);
  const total = (column: keyof SeenWindow) => sum(cheap.map((window) => window[column]));
  const [calls, ns] = [total('calls'), total('ns')];
  if (ns === 0 || unseenNs === 0) return { calls: seen, error: 0, seen };
  const slowest = calls / ns;
  const fastest = Math.max(slowest, unslowedRate(calls, ns, total('costNs'), total('cpuNs')));
  const standardError = cheap.length > 1 ? spread(cheap, slowest, ns) : Math.sqrt(calls) / ns;
  const halfWidth = (fastest - slowest) / 2 + 1.96 * standardError;
  return {
    calls: Math.round(seen + ((slowest + fastest) / 2) * unseenNs),
    error: Math.max(0, Math.ceil(halfWidth * unseenNs - ROUNDING)),
    seen,
  };
}

/** Calls a ns of a program whose processor time goes all into these calls, were their probes not there. */
function unslowedRate(calls: number, ns: number, costNs: number, cpuNs: number): number {
  const fastest = cpuNs / ns / SHORTEST_CALL_NS;
  const freeNs = cpuNs - costNs * (1 + COST_ERROR);
  return freeNs > 0 ? Math.min(((calls / freeNs) * cpuNs) / ns, fastest) : fastest;
}

function cheapest(windows: readonly SeenWindow[]): SeenWindow[] {
  const shares = windows.map(({ ns, costNs }) => (ns > 0 ? costNs / ns : Number.POSITIVE_INFINITY));
  const least = Math.min(...shares);
  return windows.filter((_, i) => shares[i]! <= least * COMPARABLE);
}

/** Standard error of a ratio estimate: windows differ in length, so residuals are of calls, not of rates. */
function spread(windows: readonly SeenWindow[], rate: number, seenNs: number): number {
  const n = windows.length;
  const squares = sum(windows.map((window) => (window.calls - rate * window.ns) ** 2));
  return Math.sqrt((n / (n - 1)) * squares) / seenNs;
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
