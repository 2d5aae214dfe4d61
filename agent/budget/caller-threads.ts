/** Which of a process's threads may have made a function's calls: the others' processor time says nothing of what a call takes. Pure. */

import type { Stretch } from './expected-calls.js';

/** Processor time of one thread: in the stretches of each kind, and in the unseen time after them. */
export interface ThreadShare extends Record<Stretch['kind'], number> {
  after: number;
}

/** A thread that used less than this part of what the calls' probes cost has not made them. */
const CERTAIN_COST = 0.7;

/** Those that may have made all calls alone, of which the probes cost `ownCostNs` in stretches of that kind. */
export const possibleCallers = (threads: readonly ThreadShare[], kind: Stretch['kind'], ownCostNs: number): ThreadShare[] =>
  threads.filter((share) => share.after > 0 && share[kind] > 0 && share[kind] >= CERTAIN_COST * ownCostNs);
