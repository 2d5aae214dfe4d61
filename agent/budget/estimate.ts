/** Counts of a function whose entry probes were windowed: what was seen, what was probably missed, and how sure that is. */

/** Equal rates leave a spread of rounding errors, which is no uncertainty. */
const ROUNDING = 1e-6;

/** One stretch of time in which the entries were armed. */
export interface SeenWindow {
  calls: number;
  ns: number;
}

/** `calls` counted and estimated together; `error`: half width of the 95 % interval; `seen`: what was really counted. */
export interface EstimatedCalls {
  calls: number;
  error: number;
  seen: number;
}

/**
 * Calls in seen windows and `unseenNs` outside of them, by the windows' mean rate. The error comes from the spread of
 * the windows' rates (one window alone: from its count, as if calls came at random), over the unseen time only.
 */
export function estimateCalls(windows: readonly SeenWindow[], unseenNs: number): EstimatedCalls {
  const seen = sum(windows.map((window) => window.calls));
  const seenNs = sum(windows.map((window) => window.ns));
  if (seenNs === 0 || unseenNs === 0) return { calls: seen, error: 0, seen };
  const rate = seen / seenNs;
  const standardError = windows.length > 1 ? spread(windows, rate, seenNs) : Math.sqrt(seen) / seenNs;
  return {
    calls: Math.round(seen + rate * unseenNs),
    error: Math.max(0, Math.ceil(1.96 * standardError * unseenNs - ROUNDING)),
    seen,
  };
}

/** Standard error of a ratio estimate: windows differ in length, so residuals are of calls, not of rates. */
function spread(windows: readonly SeenWindow[], rate: number, seenNs: number): number {
  const n = windows.length;
  const squares = sum(windows.map((window) => (window.calls - rate * window.ns) ** 2));
  return Math.sqrt((n / (n - 1)) * squares) / seenNs;
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
