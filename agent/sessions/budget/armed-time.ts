/** How long probes were on since the last look, and what they did in that time. */

/** Less time than this says too little: it is added to that of the next look. */
const MIN_NS = 2e6;

/** Hits in the time in which the probes were on, and the mean cost of one, ns. */
export interface ArmedLoad {
  hits: number;
  hitNs: number;
  armedNs: number;
}

const NOTHING: ArmedLoad = { hits: 0, hitNs: 0, armedNs: 0 };

/** Probes that are switched together, on from the start. Totals are those since then. */
export class ArmedTime {
  #isOn = true;
  #ns = 0;
  #seen = { hits: 0, costNs: 0 };
  #last: ArmedLoad | null = null;

  constructor(private sinceNs: number) {}

  set(nowNs: number, isOn: boolean): void {
    this.#pass(nowNs);
    this.#isOn = isOn;
  }

  /** The load since the last look; where the probes were off, the last that is known. */
  load(nowNs: number, hits: number, costNs: number): ArmedLoad {
    this.#pass(nowNs);
    if (this.#ns < MIN_NS) return this.#last ?? NOTHING;
    const newHits = hits - this.#seen.hits;
    this.#last = { hits: newHits, hitNs: newHits > 0 ? (costNs - this.#seen.costNs) / newHits : 0, armedNs: this.#ns };
    this.#seen = { hits, costNs };
    this.#ns = 0;
    return this.#last;
  }

  #pass(nowNs: number): void {
    if (this.#isOn) this.#ns += nowNs - this.sinceNs;
    this.sinceNs = nowNs;
  }
}
