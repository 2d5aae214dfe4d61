/** Whose call a hit is: the goroutine in R14 or in thread-local storage, or the thread; and whether depths compare. */

import type { StackOwner } from '../kernel/kernel.js';
import type { GoRuntime, Image } from '../symbols/image.js';
import type { Decoded } from './decode.js';
import { FLOW, flowOf, offsetOf } from './decode.js';
import { findStackCheck } from './stack-check.js';

export interface Owner {
  owner: StackOwner;
  /** Why calls cannot be told apart; empty: they can. */
  untimed: string;
}

/** Go's facts for a row that follows Go's rules; null for C code, also inside of a Go program. */
export function goOf(image: Image, row: number): GoRuntime | null {
  return image.go === null || image.go.isForeign(row) ? null : image.go;
}

/** R14 holds g in compiled Go code since 1.17, except in wrappers for assembly callers, which load it themselves. */
export function stackOwner(image: Image, row: number, code: Decoded): Owner {
  const go = goOf(image, row);
  if (go === null) return { owner: 'thread', untimed: '' };
  const owner = !go.isAssembly(row) && hasG(code) ? 'g_r14' : 'g_tls';
  if (go.switchesStacks(row)) return { owner, untimed: 'the function switches stacks, so its start and end cannot be matched' };
  if (owner === 'g_tls' && !go.gInThreadLocal) {
    return { owner, untimed: 'the goroutine of this function cannot be found: the program has other thread-local variables' };
  }
  return { owner, untimed: '' };
}

function hasG(code: Decoded): boolean {
  return findStackCheck(code)?.g !== 'thread' && !loadsG(code);
}

const FS_PREFIX = 0x64;
const MOV = 0x8b;
const REX_W_R = 0x4c;
const REX_W_R_B = 0x4d;
const R14 = 6;

/** Whether "mov r14, fs:…" stands before any call. Behind one the compiler takes back what C or assembly may have overwritten. */
function loadsG(code: Decoded): boolean {
  const { bytes } = code;
  for (let index = 0; index < code.count && flowOf(code, index) !== FLOW.call; index++) {
    const at = offsetOf(code, index);
    if (bytes[at] !== FS_PREFIX || bytes[at + 2] !== MOV) continue;
    const rex = bytes[at + 1];
    if ((rex === REX_W_R || rex === REX_W_R_B) && (((bytes[at + 3] as number) >> 3) & 7) === R14) return true;
  }
  return false;
}
