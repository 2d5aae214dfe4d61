/** Whether calls of a function may be open several times on one stack: told by the direct calls that lead back to it. */

import type { Image } from '../symbols/image.js';
import { readBody } from './body.js';
import { type Decoded, FLOW, flowOf, offsetOf } from './decode.js';

/** More functions below one are not followed: then it may. */
const MAX_FOLLOWED = 64;

/** Rows that a row calls directly; null: it also calls through pointers, so that nobody can tell. */
export type Callees = (row: number) => readonly number[] | null;

/** False only where it provably cannot, but by way of other libraries that call back. */
export function mayNest(row: number, calleesOf: Callees): boolean {
  const followed = new Set<number>();
  const waiting = [row];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (followed.has(next)) continue;
    followed.add(next);
    const callees = calleesOf(next);
    if (callees === null || callees.includes(row) || followed.size > MAX_FOLLOWED) return true;
    waiting.push(...callees);
  }
  return false;
}

/** The callees of a row in its own image. Jumps to other functions are calls as well. */
export function readCallees(image: Image, row: number): readonly number[] | null {
  const callees = new Set<number>();
  for (const { code, jumps } of readBody(image, row).pieces) {
    for (const { target } of [...jumps.leaving, ...jumps.leavingIf]) callees.add(image.functions.rowAt(target));
    for (let index = 0; index < code.count; index++) {
      if (flowOf(code, index) !== FLOW.call) continue;
      const target = callTarget(code, offsetOf(code, index));
      if (target === 'anywhere') return null;
      if (target !== 'outside') callees.add(image.functions.rowAt(target));
    }
  }
  callees.delete(-1); // stubs that lead to other libraries
  return [...callees];
}

const CALL = 0xe8;
const ADDRESS_SIZE = 0x67;

/** Where a call leads. Through a fixed place of the program (its GOT) and into the kernel: outside. */
function callTarget({ bytes, address }: Decoded, offset: number): number | 'outside' | 'anywhere' {
  const at = bytes[offset] === ADDRESS_SIZE ? offset + 1 : offset;
  if (bytes[at] === CALL) return address + at + 5 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(at + 1, true);
  const isThroughFixedPlace = bytes[at] === 0xff && bytes[at + 1] === 0x15;
  const isSystemCall = bytes[at] === 0x0f;
  return isThroughFixedPlace || isSystemCall ? 'outside' : 'anywhere';
}
