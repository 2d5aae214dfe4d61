/** Who calls whom in an image, read once a function. */

import { type DirectCallees, directCallees, mayNest, staysInside } from '../sites/nesting.js';
import type { Image } from '../symbols/image.js';

export class CallGraph {
  readonly #callees = new WeakMap<Image, Map<number, DirectCallees>>();

  /** Whether calls of a row may be open several times on one stack. */
  mayNest(image: Image, row: number): boolean {
    return mayNest(row, (each) => {
      const { complete, rows } = this.#calleesOf(image, each);
      return complete ? rows : null;
    });
  }

  /** Whether nothing but functions of its image runs before a row returns. */
  staysInside(image: Image, row: number): boolean {
    return staysInside(row, (each) => {
      const { closed, rows } = this.#calleesOf(image, each);
      return closed ? rows : null;
    });
  }

  #calleesOf(image: Image, row: number): DirectCallees {
    const known = this.#callees.get(image) ?? new Map<number, DirectCallees>();
    this.#callees.set(image, known);
    const callees = known.get(row) ?? directCallees(image, row);
    known.set(row, callees);
    return callees;
  }
}
