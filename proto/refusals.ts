/**
 * The catalogue of refusals: why a function is not probed, and what to do instead. The reason beside the code has the facts
 * (addresses, bytes, names). Codes are in the output: add, never rename.
 */

const CALLER = 'probe a function that calls it';

const CATALOGUE = {
  INLINED_EVERYWHERE: `${CALLER}, or keep its body: //go:noinline, __attribute__((noinline)), #[inline(never)]`,
  NOT_FOUND: 'see `coral functions SERVICE` for the names',
  NO_TEXT: 'probe it in the library that has its code: `--function libname.so:NAME`',
  IFUNC: 'probe what the resolver picked, which has a name of its own: `coral functions SERVICE --match NAME`',
  UNDECODABLE: `${CALLER}; a data table or a damaged file looks like this, too`,
  ENTRY_IS_JUMP_TARGET: `${CALLER}: no instruction of it runs once a call`,
  JUMP_INTO_INSTRUCTION: CALLER,
  UNPROBEABLE_INSTRUCTION: `${CALLER}, or one that it calls`,
  STACK_DEPTH_DISAGREES: `${CALLER}; code that moves the stack pointer by hand looks like this`,
  BODY_INCOMPLETE: "install the program's debug symbols, which tell all parts of it",
  TOO_MANY_SITES: 'probe the functions that it calls',
  MEMORY_DIFFERS:
    'end what has patched or moved its code (a tracer, a debugger, live patching, large pages), or restart the service without that',
  TRACED: 'detach the debugger first',
  KERNEL_REFUSED: `${CALLER}; \`coral doctor\` shows what this kernel can do`,
  NO_DWARF: 'build it without -ldflags=-w and without strip, or install its debug file',
} as const;

export type RefusalCode = keyof typeof CATALOGUE;

/** Every code with its next step. */
export const REFUSALS: Readonly<Record<RefusalCode, string>> = CATALOGUE;

/** What to do next; empty for a code of the errors' catalogue, whose error has said it. */
export function nextStep(code: string): string {
  return Object.hasOwn(CATALOGUE, code) ? REFUSALS[code as RefusalCode] : '';
}
