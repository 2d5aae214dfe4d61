/** Sites of functions, decided once an image. */

import type { SiteDecision } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';

export class Decisions {
  readonly #byImage = new WeakMap<Image, Map<number, SiteDecision>>();

  constructor(private readonly decide: (image: Image, row: number) => SiteDecision) {}

  of(image: Image, row: number): SiteDecision {
    const decided = this.#of(image);
    const known = decided.get(row);
    if (known) return known;
    const decision = this.decide(image, row);
    decided.set(row, decision);
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
