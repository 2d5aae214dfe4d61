/** Whether a function looks at its own return address, which it would see replaced. */

import type { Image } from '../symbols/image.js';
import { readBody } from './body.js';
import { type Decoded, instructionBytes, offsetOf } from './decode.js';

/** May say yes of an instruction that only looks alike, or where the depth is not known; never no of one that reads the place by RSP or a frame pointer. */
export function usesReturnAddress(image: Image, row: number): boolean {
  const { pieces } = readBody(image, row);
  const hasFramePointer = pieces.some(({ code }) => holds(code.bytes, SET_FRAME_POINTER));
  return pieces.some(({ code }) => usesPlace(code, hasFramePointer, (address) => image.stackDepth(row, address)));
}

/** "mov rbp, rsp", in both encodings. */
const SET_FRAME_POINTER = [
  [0x48, 0x89, 0xe5],
  [0x48, 0x8b, 0xec],
];

function holds(bytes: Uint8Array, patterns: readonly number[][]): boolean {
  const code = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return patterns.some((pattern) => code.includes(Buffer.from(pattern)));
}

function usesPlace(code: Decoded, hasFramePointer: boolean, depthAt: (address: number) => number | null): boolean {
  for (let index = 0; index < code.count; index++) {
    if ((code.lengths[index] as number) < SHORTEST_BYTES) continue;
    const bytes = Buffer.from(instructionBytes(code, index));
    if (hasFramePointer && isAboveSavedFramePointer(bytes)) return true;
    const displacement = displacementFromStackPointer(bytes);
    if (displacement === null) continue;
    const depth = depthAt(code.address + offsetOf(code, index));
    if (depth === null || displacement === depth) return true;
  }
  return false;
}

/** Opcode, operand byte, displacement. */
const SHORTEST_BYTES = 3;

const WITHOUT_REGISTER = 0xc7;
const RBP_NEAR = 0x45;
const RSP_AT = 0x04;
const RSP_NEAR = 0x44;
const RSP_FAR = 0x84;
const RSP_ALONE = 0x24;
const PLACE_ABOVE_FRAME_POINTER = 8;

/** An operand [rbp+8]: what RBP points to is the caller's, what lies above it the return address. */
function isAboveSavedFramePointer(bytes: Buffer): boolean {
  return bytes.some((byte, at) => (byte & WITHOUT_REGISTER) === RBP_NEAR && bytes[at + 1] === PLACE_ABOVE_FRAME_POINTER);
}

/** Of an operand [rsp+n]; null: there is none. */
function displacementFromStackPointer(bytes: Buffer): number | null {
  const at = bytes.indexOf(RSP_ALONE, 2);
  const mode = at < 0 ? -1 : (bytes[at - 1] as number) & WITHOUT_REGISTER;
  if (mode === RSP_AT) return 0;
  if (mode === RSP_NEAR && at + 1 < bytes.length) return bytes.readInt8(at + 1);
  return mode === RSP_FAR && at + 4 < bytes.length ? bytes.readInt32LE(at + 1) : null;
}
