/** What measuring the waiting costs: at most half of the session's budget, else it is given up. */

import type { Budget } from '../../budget/governor.js';

const SHARE = 0.5;
/** Ticks in a row above it. */
const PATIENT_TICKS = 4;
/** A look that follows sooner is none: it would be of too little. */
const LOOK_NS = 0.1e9;

export class WaitingCost {
  #before: { ns: number; costNs: number } | null = null;
  #over = 0;

  /** One look a tick; the share of a CPU when it is to be given up, else null. */
  exceeds(nowNs: number, costNs: number, { perSession }: Budget): number | null {
    const before = this.#before ?? { ns: nowNs, costNs };
    if (this.#before && nowNs - before.ns < LOOK_NS) return null;
    this.#before = { ns: nowNs, costNs };
    const share = nowNs > before.ns ? (costNs - before.costNs) / (nowNs - before.ns) : 0;
    this.#over = share > perSession * SHARE ? this.#over + 1 : 0;
    return this.#over >= PATIENT_TICKS ? share : null;
  }
}
