/** Sites of functions, decided once an image; the latest are kept. */

import type { SiteDecision } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';

/** Of an image. A session holds a thousand functions; a decision with its proofs takes some two kilobytes. */
const MAX_KEPT = 4096;

export class Decisions {
  readonly #byImage = new WeakMap<Image, Map<number, SiteDecision>>();

  constructor(private readonly decide: (image: Image, row: number) => SiteDecision) {}

  of(image: Image, row: number): SiteDecision {
    const decided = this.#of(image);
    const known = decided.get(row);
    if (known) return known;
    const decision = this.decide(image, row);
    decided.set(row, decision);
    const [oldest] = decided.keys();
    if (decided.size > MAX_KEPT && oldest !== undefined) decided.delete(oldest);
    return decision;
  }

  #of(image: Image): Map<number, SiteDecision> {
    let decided = this.#byImage.get(image);
    if (!decided) {
      decided = new Map();
      this.#byImage.set(image, decided);
    }
    return decided;
  }
}
