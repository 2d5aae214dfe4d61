/** How each function of a program can be probed, as columns: 50,000 rows in a quarter of a megabyte. */

import type { SiteSummary } from '../sites/decide-sites.js';
import type { SiteRefusal } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';

/** Decides for a row without the words of its proof. */
export type Summarize = (image: Image, row: number) => SiteSummary | SiteRefusal;

const UNKNOWN = 0;
const REFUSED = 1;
const EMULATED = 2;
const STEPPED = 3;

/** Rows are looked at when first asked for. */
export class SiteSummaries {
  readonly #states: Uint8Array;
  readonly #returnSites: Uint16Array;
  readonly #refusals = new Map<number, SiteRefusal>();
  /** Why rows are counted only. */
  readonly #untimed = new Map<number, string>();

  constructor(
    private readonly image: Image,
    private readonly summarize: Summarize,
  ) {
    this.#states = new Uint8Array(image.functions.count);
    this.#returnSites = new Uint16Array(image.functions.count);
  }

  of(row: number): SiteSummary | SiteRefusal {
    if (this.#states[row] === UNKNOWN) this.#keep(row, this.summarize(this.image, row));
    const state = this.#states[row] as number;
    if (state === REFUSED) return this.#refusals.get(row) as SiteRefusal;
    return {
      ok: true,
      entryCost: state === EMULATED ? 'emulated' : 'stepped',
      returnSites: this.#returnSites[row] as number,
      untimedReason: this.#untimed.get(row) ?? '',
    };
  }

  #keep(row: number, found: SiteSummary | SiteRefusal): void {
    if (!found.ok) {
      this.#states[row] = REFUSED;
      this.#refusals.set(row, found);
      return;
    }
    this.#states[row] = found.entryCost === 'emulated' ? EMULATED : STEPPED;
    if (found.untimedReason !== '') this.#untimed.set(row, found.untimedReason);
    this.#returnSites[row] = found.returnSites;
  }
}
