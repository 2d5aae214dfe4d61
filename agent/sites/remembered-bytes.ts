/** What was found of an instruction, by its bytes: those that are looked at closely are mostly the same few. */

import { type Decoded, offsetOf } from './decode.js';

/** Of one kind of finding. Some hundreds are nearly all that a program has. */
const MAX_REMEMBERED = 4096;
/** Longer ones hold addresses, which are seldom the same twice. */
const MAX_BYTES = 6;

/** `find`, asked once for each instruction that it is asked about again; it must heed the bytes alone. */
export function rememberedByBytes<T>(find: (code: Decoded, index: number) => T): (code: Decoded, index: number) => T {
  const known = new Map<number, T>();
  return (code, index) => {
    const length = code.lengths[index] as number;
    if (length > MAX_BYTES) return find(code, index);
    const key = keyOf(code, index, length);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = find(code, index);
    if (known.size === MAX_REMEMBERED) known.clear();
    known.set(key, found);
    return found;
  };
}

/** The bytes behind their number. */
function keyOf(code: Decoded, index: number, length: number): number {
  const start = offsetOf(code, index);
  let key = length;
  for (let at = start; at < start + length; at++) key = key * 256 + (code.bytes[at] as number);
  return key;
}
