/** Whether code of a file gives the stack pointer another stack by hand, as coroutine libraries do. Pure over bytes. */

import type { CodeBytes } from './elf.js';

const REX_W = 0x48;
const REX_R = 4;
const REX_B = 1;
const RSP = 4;
const RBP = 5;
const DIRECT = 3;

/**
 * The linked address of the first instruction that loads the stack pointer with what is not known to come from it; null:
 * there is none. Bytes are looked at from each offset, so that nothing is overlooked; POP RSP and the short XCHG RAX, RSP are
 * not looked for, since their bytes are common operands.
 */
export function stackSwitchIn(stretches: readonly CodeBytes[]): number | null {
  for (const { address, code } of stretches) {
    const at = switchAt(code);
    if (at >= 0) return address + at;
  }
  return null;
}

/** Where such an instruction begins; -1: nowhere. */
function switchAt(code: Buffer): number {
  for (let at = 0; at + 2 < code.length; at++) {
    const rex = code[at] as number;
    if ((rex & 0xf8) !== REX_W || !loadsStackPointer(rex, code[at + 1] as number, code[at + 2] as number)) continue;
    if (!givesBack(code, at)) return at;
  }
  return -1;
}

const MOV_TO_PLACE = 0x89;
const MOV_TO_REGISTER = 0x8b;
const EXCHANGE = 0x87;

function loadsStackPointer(rex: number, opcode: number, modrm: number): boolean {
  const isDirect = modrm >> 6 === DIRECT;
  const register = ((modrm >> 3) & 7) + (rex & REX_R ? 8 : 0);
  const place = (modrm & 7) + (rex & REX_B ? 8 : 0);
  if (opcode === EXCHANGE) return register === RSP || (isDirect && place === RSP);
  if (opcode === MOV_TO_PLACE) return isDirect && place === RSP && register !== RBP && register !== RSP;
  return opcode === MOV_TO_REGISTER && register === RSP && !(isDirect && (place === RBP || place === RSP));
}

/** Functions that end the life of an array of variable length are smaller. */
const MAX_FUNCTION_BYTES = 16 * 1024;
const NEAR_PLACE = 1;
const DISPLACEMENT_BYTES = [0, 1, 4, 0];

/**
 * Whether the register or the place in the frame was given the stack pointer a little earlier: how compilers end the life of
 * an array of variable length. Code that switches stacks loads another one than it saves.
 */
function givesBack(code: Buffer, at: number): boolean {
  const [rex, opcode, modrm] = [code[at] as number, code[at + 1], code[at + 2] as number];
  const mode = modrm >> 6;
  const kept = opcode === MOV_TO_PLACE ? ((modrm >> 3) & 7) + (rex & REX_R ? 8 : 0) : 0;
  if (opcode === MOV_TO_PLACE) return isEarlier(code, at, [kept < 8 ? REX_W : REX_W | REX_B, MOV_TO_PLACE, 0xe0 | (kept & 7)]);
  const isInFrame = opcode === MOV_TO_REGISTER && rex === REX_W && (modrm & 7) === RBP && mode >= NEAR_PLACE && mode !== DIRECT;
  if (!isInFrame) return false;
  const displacement = code.subarray(at + 3, at + 3 + (DISPLACEMENT_BYTES[mode] as number));
  return isEarlier(code, at, [REX_W, MOV_TO_PLACE, modrm, ...displacement]);
}

function isEarlier(code: Buffer, at: number, instruction: readonly number[]): boolean {
  const found = code.lastIndexOf(Buffer.from(instruction), at);
  return found >= 0 && at - found < MAX_FUNCTION_BYTES;
}
