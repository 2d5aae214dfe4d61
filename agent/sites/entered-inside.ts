/**
 * Where a function's neighbours jump into it. Assembly shares code so (glibc's mempcpy goes on in memmove, behind its
 * first instruction): who comes that way has not called the function. Compilers never do it.
 */

import type { Image } from '../symbols/image.js';
import { type Body, jumpsOutside } from './body.js';
import { goOf } from './owner.js';
import { probeabilityAt } from './probeability-at.js';

/** Functions on either side that are read. */
const NEIGHBOURS = 2;

/** Adds these places to the targets, so that no entry is taken at or behind one. Go's assembler has no such labels. */
export function markEntered(image: Image, row: number, body: Body): void {
  const { code, jumps } = body.pieces[0]!;
  if (goOf(image, row) !== null || code.count === 0) return;
  const first = probeabilityAt(code, 0);
  if (first.ok && first.cost === 'emulated') return; // none is cheaper: it is the entry
  for (let other = Math.max(0, row - NEIGHBOURS); other <= Math.min(image.functions.count - 1, row + NEIGHBOURS); other++) {
    if (other === row) continue;
    for (const { target } of jumpsOutside(image, other)) {
      const offset = target - code.address;
      if (offset > 0 && offset < code.bytes.length) jumps.targets.add(offset);
    }
  }
}
