/** Runs the small programs of call frame information as far as they tell where the caller's frame is. */

import { readUnsigned } from './call-frames.js';

/** DWARF numbers of registers. */
const RBP = 6;
const RSP = 7;
const RETURN_ADDRESS = 16;
const RETURN_ADDRESS_BYTES = 8;

/** Programs of the largest functions have some ten kilobytes; each exit of a function asks for a run. */
const MAX_PROGRAM_BYTES = 64 * 1024;

/** How to get from a function's registers to its caller's. The return address lies right below the caller's stack. */
export interface FrameRule {
  /** Where the caller's stack begins: a register plus a number, or (`through`) what is stored there. */
  base: 'rsp' | 'rbp';
  offset: number;
  through: boolean;
  /** Where the caller's RBP is; null: in a way that we do not follow. */
  rbp: SavedRegister | null;
  /** Nobody called this code: a thread begins here. */
  isOutermost: boolean;
}

/** Still in the register, or stored at a distance from the caller's stack or from RBP. */
export type SavedRegister = { at: 'register' } | { at: 'caller' | 'rbp'; offset: number };

/** What the programs of many entries begin with. */
export interface CommonPart {
  bytes: number;
  /** The rules behind it; null: it cannot be followed. */
  rules: Rules | null;
  /** How stored registers' places are scaled; -8 in all that compilers write for x86-64. */
  dataAlignment: number;
}

/** Runs the common part, once for all entries that refer to it. */
export function readCommonPart(instructions: Buffer, dataAlignment: number): CommonPart {
  const first: Rules = { frame: UNKNOWN, rbp: { at: 'register' }, isOutermost: false };
  const state: State = { cursor: { bytes: instructions, at: 0 }, rules: first, initial: first, saved: [], pc: 0, dataAlignment };
  const isKnown = instructions.length <= MAX_PROGRAM_BYTES && run(state, Number.POSITIVE_INFINITY);
  return { bytes: instructions.length, rules: isKnown ? state.rules : null, dataAlignment };
}

/** An entry's program, which goes on from where it stood: the exits of a function mostly ask in their order. */
export class FrameProgram {
  #state: State | null;

  constructor(
    private readonly common: CommonPart,
    private readonly instructions: Buffer,
  ) {
    this.#state = begin(common, instructions);
  }

  /** The rule at an offset from the entry's start; null: the program computes it in a way that we do not follow. */
  ruleAt(pcOffset: number): FrameRule | null {
    const rules = this.#rulesAt(pcOffset);
    if (rules === null) return null;
    const { frame, rbp, isOutermost } = rules;
    return { base: frame.register === RSP ? 'rsp' : 'rbp', offset: frame.offset, through: frame.through, rbp, isOutermost };
  }

  /** Bytes between return address and stack pointer; with a frame pointer at least 8. Null: they are computed otherwise. */
  depthAt(pcOffset: number): number | null {
    const rules = this.#rulesAt(pcOffset);
    return rules === null || rules.frame.through ? null : rules.frame.offset - RETURN_ADDRESS_BYTES;
  }

  #rulesAt(pcOffset: number): Rules | null {
    if (this.#state !== null && pcOffset < this.#state.pc) this.#state = begin(this.common, this.instructions);
    if (this.#state === null || !run(this.#state, pcOffset)) return null;
    const { register } = this.#state.rules.frame;
    return register === RSP || register === RBP ? this.#state.rules : null;
  }
}

/** In front of the entry's own instructions; null: the part that it has in common with others cannot be followed, or both are too long. */
function begin({ bytes, rules, dataAlignment }: CommonPart, instructions: Buffer): State | null {
  if (rules === null || bytes + instructions.length > MAX_PROGRAM_BYTES) return null;
  return { cursor: { bytes: instructions, at: 0 }, rules, initial: rules, saved: [], pc: 0, dataAlignment };
}

interface Frame {
  /** -1: computed in a way that we do not follow. */
  register: number;
  offset: number;
  through: boolean;
}

const UNKNOWN: Frame = { register: -1, offset: 0, through: false };

interface Rules {
  frame: Frame;
  rbp: SavedRegister | null;
  isOutermost: boolean;
}

interface State {
  cursor: Cursor;
  rules: Rules;
  /** What `restore` goes back to. */
  initial: Rules;
  saved: Rules[];
  pc: number;
  dataAlignment: number;
}

/** Up to the instruction that moves past `pcOffset`. False, and from there on for good: an opcode that we do not know. */
function run(state: State, pcOffset: number): boolean {
  const { cursor } = state;
  while (cursor.at < cursor.bytes.length) {
    const start = cursor.at;
    const opcode = cursor.bytes[cursor.at++] as number;
    const advance = advanceOf(opcode, cursor);
    if (advance > 0 && state.pc + advance > pcOffset) {
      cursor.at = start;
      return true;
    }
    state.pc += advance;
    if (advance === 0 && !apply(opcode, cursor, state)) {
      cursor.at = start;
      return false;
    }
  }
  return true;
}

interface Cursor {
  bytes: Buffer;
  at: number;
}

function advanceOf(opcode: number, cursor: Cursor): number {
  if (opcode >> 6 === 1) return opcode & 0x3f;
  if (opcode < 2 || opcode > 4) return 0;
  const width = 1 << (opcode - 2);
  cursor.at += width;
  return cursor.at <= cursor.bytes.length ? cursor.bytes.readUIntLE(cursor.at - width, width) : 0;
}

function unsigned(cursor: Cursor): number {
  const { value, next } = readUnsigned(cursor.bytes, cursor.at);
  cursor.at = next;
  return value;
}

function block(cursor: Cursor): Buffer {
  const length = unsigned(cursor);
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

function apply(opcode: number, cursor: Cursor, state: State): boolean {
  const { rules } = state;
  switch (opcode >> 6) {
    case 1:
      return true;
    case 2:
      save(state, opcode & 0x3f, { at: 'caller', offset: unsigned(cursor) * state.dataAlignment });
      return true;
    case 3:
      save(state, opcode & 0x3f, state.initial.rbp);
      return true;
  }
  switch (opcode) {
    case 0: // nothing; also advances by zero
    case 2:
    case 3:
    case 4:
      return true;
    case 10:
      state.saved.push(rules);
      return true;
    case 11:
      state.rules = state.saved.pop() ?? rules;
      return true;
    default:
      return applyToFrame(opcode, cursor, state) || applyToRegister(opcode, cursor, state);
  }
}

/** The opcodes that move the caller's stack. */
function applyToFrame(opcode: number, cursor: Cursor, state: State): boolean {
  const { frame } = state.rules;
  const move = (moved: Frame): boolean => {
    const { rbp, isOutermost } = state.rules;
    state.rules = { frame: moved, rbp, isOutermost };
    return true;
  };
  switch (opcode) {
    case 12:
      return move({ register: unsigned(cursor), offset: unsigned(cursor), through: false });
    case 13:
      return move({ ...frame, register: unsigned(cursor) });
    case 14:
      return move({ ...frame, offset: unsigned(cursor) });
    case 15:
      return move(storedFrame(block(cursor)));
    default:
      return false;
  }
}

/** The opcodes that tell of other registers. */
function applyToRegister(opcode: number, cursor: Cursor, state: State): boolean {
  switch (opcode) {
    case 5:
      save(state, unsigned(cursor), { at: 'caller', offset: unsigned(cursor) * state.dataAlignment });
      return true;
    case 6:
      save(state, unsigned(cursor), state.initial.rbp);
      return true;
    case 7:
      undefine(state, unsigned(cursor));
      return true;
    case 8:
      save(state, unsigned(cursor), { at: 'register' });
      return true;
    case 16:
      save(state, unsigned(cursor), storedRegister(block(cursor)));
      return true;
    case 22:
      save(state, unsigned(cursor), null);
      block(cursor);
      return true;
    case 9: // in another register
    case 17: // with signed places, and their values
    case 20:
    case 21:
      save(state, unsigned(cursor), null);
      unsigned(cursor);
      return true;
    case 46: // bytes of arguments
      unsigned(cursor);
      return true;
    default:
      return false;
  }
}

function save(state: State, register: number, rbp: SavedRegister | null): void {
  if (register === RBP) state.rules = { ...state.rules, rbp };
}

function undefine(state: State, register: number): void {
  if (register === RETURN_ADDRESS) state.rules = { ...state.rules, isOutermost: true };
  save(state, register, null);
}

/** "RBP plus a number", and "what is stored there", as expressions: how compilers tell of stacks that they align. */
const BASE_RBP = 0x76;
const DEREFERENCE = 0x06;

function storedFrame(expression: Buffer): Frame {
  const isKnown = expression.length === 3 && expression[0] === BASE_RBP && expression[2] === DEREFERENCE;
  return isKnown ? { register: RBP, offset: shortSigned(expression[1] as number), through: true } : UNKNOWN;
}

function storedRegister(expression: Buffer): SavedRegister | null {
  const isKnown = expression.length === 2 && expression[0] === BASE_RBP;
  return isKnown ? { at: 'rbp', offset: shortSigned(expression[1] as number) } : null;
}

/** A signed LEB128 number of one byte. */
const shortSigned = (byte: number): number => (byte & 0x40 ? (byte & 0x7f) - 0x80 : byte & 0x7f);
