/** How deep the stack is in front of an instruction, where the file can be believed. */

import type { Image } from '../symbols/image.js';
import type { Piece } from './body.js';
import { type Decoded, FLOW, flowOf, offsetOf } from './decode.js';
import type { JumpOut } from './jumps.js';
import { goOf } from './owner.js';

/** What call frame information gives in a function with a frame pointer until told otherwise: the saved RBP. */
const FRAME_POINTER_DEPTH = 8;
const POP_RBP = 0x5d;
const LEAVE = 0xc9;

/** Bytes between return address and stack pointer; null: the file does not say, or says what it said before the epilogue. */
export function depthBefore(image: Image, row: number, code: Decoded, index: number): number | null {
  const depth = image.stackDepth(row, code.address + offsetOf(code, index));
  const isStale = depth === FRAME_POINTER_DEPTH && goOf(image, row) === null && restoresFramePointer(code, index - 1);
  return isStale ? null : depth;
}

/** Older compilers (clang before 7) describe prologues alone: behind these the frame pointer is the caller's again. */
function restoresFramePointer(code: Decoded, index: number): boolean {
  const first = index < 0 ? undefined : code.bytes[offsetOf(code, index)];
  return code.lengths[index] === 1 && (first === POP_RBP || first === LEAVE);
}

/**
 * Whether a jump leads to the first byte behind the function while its frame is still on the stack: where a call does not
 * return, but the compiler was not told in time to leave out what follows it. No call ends there.
 */
export function isNeverTaken(image: Image, row: number, pieces: readonly Piece[], code: Decoded, jump: JumpOut): boolean {
  const depth = depthBefore(image, row, code, jump.index);
  const isBehind = pieces.some((piece) => piece.code.address + piece.code.bytes.length === jump.target);
  const isBehindCall = jump.index > 0 && flowOf(code, jump.index - 1) === FLOW.call;
  return isBehind && depth !== null && depth !== 0 && (isBehindCall || image.functions.rowAt(jump.target) < 0);
}
