/** Whether code of a file follows frame pointers to its callers, whose return addresses it may then read. Pure over bytes. */

import type { CallFrames } from './call-frames.js';
import type { CodeBytes } from './elf.js';

const REX_W_MASK = 0xf8;
const REX_W = 0x48;
const REX_R = 4;
const REX_B = 1;
const RSP = 4;
const RBP = 5;
const NEAR = 1;
const DIRECT = 3;

const MOV_TO_PLACE = 0x89;
/** What reads a place into a register, or computes its address: add, sub, xor, cmp, mov, lea. */
const READS = new Set([0x03, 0x2b, 0x33, 0x3b, 0x8b, 0x8d]);

/**
 * The linked address of the first instruction that reads the saved frame pointer, or copies the frame pointer, as
 * `__builtin_return_address(1)` and walks by hand do; null: there is none. Where RBP is any other value, which call frame
 * information tells, both are everyday instructions; where that knows nothing, they are unless RBP is set as one nearby.
 */
export function frameWalkIn(stretches: readonly CodeBytes[], frames: CallFrames): number | null {
  for (const { address, code } of stretches) {
    for (let at = 0; at + 3 < code.length; at++) {
      if (usesFramePointer(code, at) && isFramePointer(frames, address + at, () => isSetBefore(code, at))) return address + at;
    }
  }
  return null;
}

/** `mov rax, [rbp+0]`, `mov rax, rbp`, `mov [rbp-8], rbp` and the like; not `mov rsp, rbp`, by which functions end. */
function usesFramePointer(code: Buffer, at: number): boolean {
  const [rex, opcode, operands] = [code[at] as number, code[at + 1] as number, code[at + 2] as number];
  if ((rex & REX_W_MASK) !== REX_W) return false;
  const mode = operands >> 6;
  const register = ((operands >> 3) & 7) + (rex & REX_R ? 8 : 0);
  const place = (operands & 7) + (rex & REX_B ? 8 : 0);
  if (opcode === MOV_TO_PLACE) return register === RBP && !(place === RSP || (mode === DIRECT && place === RBP));
  if (!READS.has(opcode) || place !== RBP || register === RSP || register === RBP) return false;
  return mode === DIRECT ? opcode === 0x8b : mode === NEAR && code[at + 3] === 0;
}

/** As the rule for that instruction has it; RBP that nobody has saved yet is the caller's. */
function isFramePointer(frames: CallFrames, address: number, isSet: () => boolean): boolean {
  const rule = frames.ruleAt(address);
  return rule === null ? isSet() : rule.base === 'rbp' || rule.rbp?.at === 'register';
}

/** "mov rbp, rsp", in both encodings. */
const SET_FRAME_POINTER = [Buffer.of(0x48, 0x89, 0xe5), Buffer.of(0x48, 0x8b, 0xec)];
/** Functions that walk are smaller. */
const MAX_FUNCTION_BYTES = 16 * 1024;

function isSetBefore(code: Buffer, at: number): boolean {
  const before = code.subarray(Math.max(0, at - MAX_FUNCTION_BYTES), at);
  return SET_FRAME_POINTER.some((instruction) => before.includes(instruction));
}
