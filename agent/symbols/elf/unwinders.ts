/** Whether code of a file may walk or switch stacks, which it must not meet a replaced return address on. */

import { basename } from 'node:path';
import { readCallFrames } from './call-frames.js';
import { cString, type Elf, PROGRAM, readCode, SECTION, sectionBytes, sectionNamed } from './elf.js';
import { frameWalkIn } from './frame-walks.js';
import { stackSwitchIn } from './stack-switches.js';

/**
 * Functions that unwind, walk, or switch stacks (also from signal handlers), give handlers a stack that may lie above what they
 * interrupt, ask who called, or bring in code which might.
 */
const TELLTALE =
  /^(?:_Unwind_(?:RaiseException|Resume|ForcedUnwind|Backtrace|Find_FDE)|__cxa_(?:throw|rethrow)|rust_(?:begin_unwind|eh_personality|panic)|(?:make|swap|set)context|backtrace|unw_step|_*mcount|__fentry__|dl(?:m?open)|siglongjmp|sigaltstack)$/;

/**
 * They mostly go up the stack, which harms nothing, but coroutines on slices of one stack are made of them as well. The C library's
 * checked one, which hardened builds call instead, ends the program when it is to go down.
 */
const JUMP = /^_?longjmp$/;

/** A handler may jump out of whatever it interrupts. */
const GIVES_HANDLERS = /^(?:(?:__|bsd_|__sysv_|sysv_)?signal|(?:__)?sigaction|sigset|sigvec)$/;

/** Their business is to unwind. */
const UNWINDER_LIBRARY = /^(?:libgcc_s|libstdc\+\+|libc\+\+(?:abi)?|libunwind\b.*)\.so/;

/** The C library offers all of that, and uses it for threads that are cancelled only, which was tried. */
const C_LIBRARY =
  /^(?:libc|libm|libpthread|libdl|librt|libresolv|libnss_\w+|ld-linux-x86-64|ld-musl-x86_64|libc\.musl-x86_64)[.-]/;

const SYMBOL_BYTES = 24;

export interface StackUse {
  /** Why code of the file may, in words; null: it provably does not. */
  because: string | null;
  /** It may go from a call to any other one that began before, where it calls a function that is not its own. */
  jumps: boolean;
  /** It has handlers for signals. */
  handlesSignals: boolean;
}

export function readStackUse(elf: Elf, path: string): StackUse {
  const name = basename(path);
  if (C_LIBRARY.test(name)) return { because: null, jumps: false, handlesSignals: false };
  const symbols = [...symbolNames(elf)];
  const has = (telling: RegExp): boolean => symbols.some((symbol) => telling.test(symbol));
  return { because: unwindsBecause(elf, name, symbols), jumps: has(JUMP), handlesSignals: has(GIVES_HANDLERS) };
}

function unwindsBecause(elf: Elf, name: string, symbols: readonly string[]): string | null {
  if (UNWINDER_LIBRARY.test(name)) return `${name} unwinds stacks`;
  const telltale = symbols.find((symbol) => TELLTALE.test(symbol));
  if (telltale !== undefined) return `${name} has or imports ${telltale}`;
  if (sectionNamed(elf, '.gcc_except_table') !== undefined) return `${name} has handlers for exceptions`;
  if (isOpaque(elf)) return `${name} is linked statically and stripped, so that nobody can tell`;
  const code = readCode(elf);
  const switches = stackSwitchIn(code);
  if (switches !== null) return `${name} loads the stack pointer with another stack at 0x${switches.toString(16)}`;
  const walks = frameWalkIn(code, readCallFrames(elf));
  return walks === null ? null : `${name} looks at the frames of its callers at 0x${walks.toString(16)}`;
}

/** Nothing tells what it was linked with. */
function isOpaque(elf: Elf): boolean {
  const isDynamic = elf.programs.some(({ type }) => type === PROGRAM.interp);
  const isLibrary = elf.pie && sectionNamed(elf, '.dynsym') !== undefined;
  return !isDynamic && !isLibrary && !elf.sections.some(({ type }) => type === SECTION.symtab);
}

/** Names of both symbol tables, defined and imported. */
function* symbolNames(elf: Elf): Iterable<string> {
  for (const section of elf.sections.filter(({ type }) => type === SECTION.symtab || type === SECTION.dynsym)) {
    const strings = elf.sections[section.link];
    if (strings === undefined) continue;
    const [bytes, text] = [sectionBytes(elf, section), sectionBytes(elf, strings)];
    for (let at = 0; at + SYMBOL_BYTES <= bytes.length; at += SYMBOL_BYTES) {
      yield cString(text, bytes.readUInt32LE(at)).replace(/@.*$/, '');
    }
  }
}
