/** What a session's probes may cost, from its request. Pure. */

import type { Budget } from '../../budget/governor.js';

/** Of one CPU. */
const DEFAULT_PERCENT = { perFunction: 1, perSession: 5 } as const;

/** 0: the defaults; above: for the session, and for a function at most that; negative: unlimited. */
export function budgetOf(percent: number): Budget {
  if (percent < 0) return { perFunction: Number.POSITIVE_INFINITY, perSession: Number.POSITIVE_INFINITY };
  if (percent > 0) return { perFunction: percent / 100, perSession: percent / 100 };
  return { perFunction: DEFAULT_PERCENT.perFunction / 100, perSession: DEFAULT_PERCENT.perSession / 100 };
}

/** As it is shown: of the session; negative: unlimited. */
export function shownBudget(percent: number): number {
  return percent === 0 ? DEFAULT_PERCENT.perSession : Math.max(percent, -1);
}
