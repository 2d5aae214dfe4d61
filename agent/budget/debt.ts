/** What a function's probes have cost beyond what they may: a debt that its budget pays back. Pure. */

/** More than so many seconds' worth of the budget is forgiven: nobody waits longer to see a function again. */
const LONGEST_S = 5;

export class Debt {
  #ns = 0;
  #costNs: number;

  /** `nowNs`: when it began to cost; `costNs`: what had been before. */
  constructor(
    private atNs: number,
    costNs = 0,
  ) {
    this.#costNs = costNs;
  }

  /** `costNs`: of all its probes so far; `share`: of one CPU, pays meanwhile. What is not used is not saved. */
  charge(nowNs: number, costNs: number, share: number): void {
    const paidNs = nowNs > this.atNs ? (nowNs - this.atNs) * share : 0;
    this.#ns = Math.min(Math.max(this.#ns + costNs - this.#costNs - paidNs, 0), LONGEST_S * 1e9 * share);
    this.#costNs = costNs;
    this.atNs = nowNs;
  }

  get ns(): number {
    return this.#ns;
  }
}
