/** Walks the stack of a thread that waits in the kernel, by the call frame information of the code on it. Pure over what it is given. */

import type { LoadedCode } from '../sessions/ports.js';
import type { FrameRule, SavedRegister } from '../symbols/elf/frame-program.js';

export interface WalkSources {
  /** The code at an address; null: of no file that tells of its frames. */
  codeAt(address: number): LoadedCode | null;
  /** Eight bytes of the stack; null: unreadable, or no address. */
  wordAt(address: number): number | null;
}

export interface Registers {
  ip: number;
  sp: number;
  bp: number;
}

/** An open call. */
export interface WalkedCall {
  /** Where its return address lies. */
  place: number;
  /** Of the instruction that it is at. */
  at: number;
}

export interface StackWalk {
  /** The open calls, innermost first, as far as the walk came. */
  calls: readonly WalkedCall[];
  /** A signal's handler is among them: what it interrupted may lie anywhere, on the same mapping too. */
  interrupted: boolean;
}

const MAX_STEPS = 4096;
const WORD_BYTES = 8;

/**
 * Goes from caller to caller up to the one whose return address lies at `upTo` or beyond. Each step has to lead up the stack
 * to an address behind a CALL: a walk that has lost its way ends there, and nothing is said of what lies above.
 */
export function walkStack(registers: Registers, upTo: number, sources: WalkSources): StackWalk {
  if (!followsSystemCall(registers.ip, sources)) return { calls: [], interrupted: false };
  return walkFrom({ ...registers, lookUp: registers.ip }, upTo, sources);
}

/** The same of a goroutine that was parked by a call which returns to `pc`. */
export function walkGoroutine({ pc, sp }: { pc: number; sp: number }, upTo: number, sources: WalkSources): StackWalk {
  return walkFrom({ lookUp: pc - 1, sp, bp: null }, upTo, sources);
}

function walkFrom(start: Step, upTo: number, sources: WalkSources): StackWalk {
  const calls: WalkedCall[] = [];
  let now = start;
  while (calls.length < MAX_STEPS) {
    const next = callerOf(now, sources);
    if (next === null || next === 'signal') return { calls, interrupted: next === 'signal' };
    const place = next.sp - WORD_BYTES;
    calls.push({ place, at: now.lookUp });
    if (place >= upTo) break;
    now = next;
  }
  return { calls, interrupted: false };
}

interface Step {
  /** Within the instruction that is under way: a call at the very end of a function returns behind it. */
  lookUp: number;
  sp: number;
  bp: number | null;
}

function callerOf({ lookUp, sp, bp }: Step, sources: WalkSources): Step | 'signal' | null {
  const code = sources.codeAt(lookUp);
  const rule = code?.frames.frameRule(lookUp - code.bias) ?? null;
  if (rule === null || rule.isOutermost) return null;
  const caller = callersStack(rule, sp, bp, sources);
  if (caller === null || caller <= sp || caller % WORD_BYTES !== 0) return null;
  const returnAddress = sources.wordAt(caller - WORD_BYTES);
  if (returnAddress === null) return null;
  if (!followsCall(returnAddress, sources)) return endsSignal(returnAddress, sources) ? 'signal' : null;
  return { lookUp: returnAddress - 1, sp: caller, bp: callersBase(rule.rbp, caller, bp, sources) };
}

function callersStack({ base, offset, through }: FrameRule, sp: number, bp: number | null, sources: WalkSources): number | null {
  const from = base === 'rsp' ? sp : bp;
  if (from === null) return null;
  return through ? sources.wordAt(from + offset) : from + offset;
}

function callersBase(rule: SavedRegister | null, caller: number, bp: number | null, sources: WalkSources): number | null {
  if (rule === null) return null;
  if (rule.at === 'register') return bp;
  const from = rule.at === 'caller' ? caller : bp;
  return from === null ? null : sources.wordAt(from + rule.offset);
}

const SYSCALL = [0x0f, 0x05];
const LONGEST_CALL_BYTES = 7;
const CALL_RELATIVE = 0xe8;
const CALL_RELATIVE_BYTES = 5;
const GROUP_OF_CALL = 0xff;
const CALL_IN_GROUP = 2;

/** Only there are all registers as the code left them, and its frame as its information says. */
function followsSystemCall(address: number, sources: WalkSources): boolean {
  const bytes = bytesInFront(address, SYSCALL.length, sources);
  return bytes !== null && SYSCALL.every((byte, i) => bytes[i] === byte);
}

function followsCall(address: number, sources: WalkSources): boolean {
  const bytes = bytesInFront(address, LONGEST_CALL_BYTES, sources);
  if (bytes === null) return false;
  if (bytes[LONGEST_CALL_BYTES - CALL_RELATIVE_BYTES] === CALL_RELATIVE) return true;
  for (let at = 0; at < LONGEST_CALL_BYTES - 1; at++) {
    if (bytes[at] === GROUP_OF_CALL && indirectCallBytes(bytes.subarray(at)) === LONGEST_CALL_BYTES - at) return true;
  }
  return false;
}

/** Length of "call register" or "call [memory]"; 0: it is another instruction. */
function indirectCallBytes(bytes: Uint8Array): number {
  const [, form = 0, index = 0] = bytes;
  const [mode, kind, base] = [form >> 6, (form >> 3) & 7, form & 7];
  if (kind !== CALL_IN_GROUP) return 0;
  if (mode === 3) return 2;
  const withIndex = base === 4 ? 1 : 0;
  const isFarBase = mode === 0 && (base === 5 || (withIndex === 1 && (index & 7) === 5));
  const displacement = mode === 2 || isFarBase ? 4 : mode;
  return 2 + withIndex + displacement;
}

/** "mov rax, 15; syscall": where handlers of signals return to. */
const SIGNAL_RETURN = [0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05];

function endsSignal(address: number, sources: WalkSources): boolean {
  const bytes = bytesInFront(address + SIGNAL_RETURN.length, SIGNAL_RETURN.length, sources);
  return bytes !== null && SIGNAL_RETURN.every((byte, i) => bytes[i] === byte);
}

function bytesInFront(address: number, length: number, { codeAt }: WalkSources): Uint8Array | null {
  const code = codeAt(address - 1);
  const bytes = code?.frames.read(address - length - code.bias, length) ?? null;
  return bytes?.length === length ? bytes : null;
}
