/** Who calls whom in an image, read once a function. */

import { mayNest, readCallees } from '../sites/nesting.js';
import type { Image } from '../symbols/image.js';

export class CallGraph {
  readonly #callees = new WeakMap<Image, Map<number, readonly number[] | null>>();

  /** Whether calls of a row may be open several times on one stack. */
  mayNest(image: Image, row: number): boolean {
    return mayNest(row, (each) => this.#calleesOf(image, each));
  }

  #calleesOf(image: Image, row: number): readonly number[] | null {
    const known = this.#callees.get(image) ?? new Map<number, readonly number[] | null>();
    this.#callees.set(image, known);
    const callees = known.has(row) ? (known.get(row) ?? null) : readCallees(image, row);
    known.set(row, callees);
    return callees;
  }
}
