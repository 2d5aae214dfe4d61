/** Runs the small programs of call frame information as far as they tell where the return address lies. */

import { readUnsigned } from './call-frames.js';

/** DWARF numbers of registers. */
const RBP = 6;
const RSP = 7;
const RETURN_ADDRESS_BYTES = 8;

/** Programs of the largest functions have some ten kilobytes; each exit of a function asks for a run. */
const MAX_PROGRAM_BYTES = 64 * 1024;

/** Where the caller's stack begins, as register plus offset; register -1: computed in a way that we do not follow. */
interface Frame {
  register: number;
  offset: number;
}

/** How many numbers follow an opcode that does not move that place. */
const SKIPPED: Readonly<Record<number, number>> = { 5: 2, 6: 1, 7: 1, 8: 1, 9: 2, 17: 2, 20: 2, 21: 2, 46: 1 };
const BLOCKS: readonly number[] = [16, 22];

/** Depth at an offset from the entry's start: 0 right at the return address; null: the program computes it otherwise. */
export function runFrameProgram(common: Buffer, instructions: Buffer, pcOffset: number): number | null {
  if (common.length + instructions.length > MAX_PROGRAM_BYTES) return null;
  const state: State = { frame: { register: -1, offset: 0 }, saved: [], pc: 0 };
  const known = run(common, state, Number.POSITIVE_INFINITY) && run(instructions, state, pcOffset);
  const { register, offset } = state.frame;
  return known && (register === RSP || register === RBP) ? offset - RETURN_ADDRESS_BYTES : null;
}

interface State {
  frame: Frame;
  saved: Frame[];
  pc: number;
}

/** Up to the instruction that moves past `pcOffset`. False: an opcode that we do not know. */
function run(bytes: Buffer, state: State, pcOffset: number): boolean {
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const opcode = bytes[cursor.at++] as number;
    const advance = advanceOf(opcode, cursor);
    if (advance > 0 && state.pc + advance > pcOffset) return true;
    state.pc += advance;
    if (advance === 0 && !apply(opcode, cursor, state)) return false;
  }
  return true;
}

interface Cursor {
  bytes: Buffer;
  at: number;
}

function advanceOf(opcode: number, cursor: Cursor): number {
  if (opcode >> 6 === 1) return opcode & 0x3f;
  const width = { 2: 1, 3: 2, 4: 4 }[opcode] ?? 0;
  if (width === 0) return 0;
  cursor.at += width;
  return cursor.at <= cursor.bytes.length ? cursor.bytes.readUIntLE(cursor.at - width, width) : 0;
}

function apply(opcode: number, cursor: Cursor, state: State): boolean {
  const number = (): number => {
    const { value, next } = readUnsigned(cursor.bytes, cursor.at);
    cursor.at = next;
    return value;
  };
  if (opcode >> 6 === 2) number();
  if (opcode >> 6 >= 1) return true;
  for (let skip = SKIPPED[opcode] ?? 0; skip > 0; skip--) number();
  if (BLOCKS.includes(opcode)) {
    number();
    cursor.at += number();
  }
  return opcode in SKIPPED || BLOCKS.includes(opcode) || applyToFrame(opcode, number, cursor, state);
}

/** The opcodes that move the place itself. */
function applyToFrame(opcode: number, number: () => number, cursor: Cursor, state: State): boolean {
  const { frame } = state;
  switch (opcode) {
    case 0: // nothing; also advances by zero
    case 2:
    case 3:
    case 4:
      return true;
    case 10:
      state.saved.push(frame);
      return true;
    case 11:
      state.frame = state.saved.pop() ?? frame;
      return true;
    case 12:
      state.frame = { register: number(), offset: number() };
      return true;
    case 13:
      state.frame = { ...frame, register: number() };
      return true;
    case 14:
      state.frame = { ...frame, offset: number() };
      return true;
    case 15:
      cursor.at += number();
      state.frame = { register: -1, offset: 0 };
      return true;
    default:
      return false;
  }
}
