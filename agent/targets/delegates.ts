/**
 * Constructors and destructors of C++ have several bodies of one name: of a complete object, of a base, one that deletes.
 * One that calls another has no call of its own: counts take the other.
 */

import { directCallees } from '../sites/nesting.js';
import type { Image } from '../symbols/image.js';

/** The bodies of one name that do the work. */
export function withoutDelegates(image: Image, name: string, rows: readonly number[]): readonly number[] {
  if (rows.length < 2 || !isMaker(name)) return rows;
  return rows.filter((row) => !directCallees(image, row).rows.some((callee) => callee !== row && rows.includes(callee)));
}

/** "ns::T<int>::T(int)" and "ns::T<int>::~T()". */
function isMaker(name: string): boolean {
  const found = /(?:^|::)(\w+)(?:<.*>|\[abi:\w+\])*::(~?)(\w+)(?:<[^()]*>)?\(/.exec(name);
  return found !== null && found[1] === found[3];
}
