/** How long probes were on since the last look, and what they did in that time. */

/** Less time than this says too little: it is added to that of the next look. */
const MIN_NS = 2e6;

/** Hits in the time in which the probes were on, and the mean cost of one, ns. */
export interface ArmedLoad {
  hits: number;
  hitNs: number;
  armedNs: number;
}

/** So far. */
export interface HitTotals {
  hits: number;
  costNs: number;
}

const NOTHING: ArmedLoad = { hits: 0, hitNs: 0, armedNs: 0 };

/** Probes that are switched together, on from the start. Hits while they are being switched belong to no time. */
export class ArmedTime {
  #isOn = true;
  #on = { ns: 0, hits: 0, costNs: 0 };
  #before: HitTotals;
  #last: ArmedLoad | null = null;

  /** `totals`: of what was before. */
  constructor(
    private sinceNs: number,
    totals: HitTotals,
  ) {
    this.#before = totals;
  }

  set(nowNs: number, isOn: boolean, totals: HitTotals): void {
    this.#pass(nowNs, totals);
    this.#isOn = isOn;
  }

  /** The load since the last look; where the probes were off, the last that is known. */
  load(nowNs: number, totals: HitTotals): ArmedLoad {
    this.#pass(nowNs, totals);
    const { ns, hits, costNs } = this.#on;
    if (ns < MIN_NS) return this.#last ?? NOTHING;
    this.#last = { hits, hitNs: hits > 0 ? costNs / hits : 0, armedNs: ns };
    this.#on = { ns: 0, hits: 0, costNs: 0 };
    return this.#last;
  }

  #pass(nowNs: number, totals: HitTotals): void {
    if (this.#isOn) {
      this.#on.ns += nowNs - this.sinceNs;
      this.#on.hits += totals.hits - this.#before.hits;
      this.#on.costNs += totals.costNs - this.#before.costNs;
    }
    this.#before = totals;
    this.sinceNs = nowNs;
  }
}
