/** Readable names of C++ and Rust symbols: the one owner of the demangler (libiberty, loaded on first use). */

import { createRequire } from 'node:module';

interface Demangler {
  /** Each symbol's name; the symbol itself where it is no mangled name, or stands for one of over 16 KB. */
  readable(symbols: readonly string[]): string[];
}

let loaded: Demangler | undefined;

function demangler(): Demangler {
  loaded ??= createRequire(import.meta.url)('../../native/coral_demangle.node') as Demangler;
  return loaded;
}

/** Marks of what compilers make out of a function besides it: clones, parts, and the pieces of a coroutine. */
const CLONE_MARKS = /\.(?:part|isra|constprop|localalias|resume|destroy|cleanup|actor)(?:\.\d+)?/g;
/** Everything that a compiler appends to a mangled name; mangled names themselves have no dots. */
const APPENDED = /\.[\w.]+$/;

/** What link-time optimisation appends to the names of static functions, so that files do not clash. */
const MADE_UNIQUE = /\.(?:lto_priv|llvm)\.\d+/g;
/** GCC's names for the pieces of a coroutine end with the whole symbol of its function. */
const GCC_COROUTINE = /^_Z.+E\d+(_Z.+)\.Frame(\.(?:actor|destroy).*)$/;

/** What the linker calls instead of a virtual function whose object begins elsewhere; it jumps there. */
const THUNK = /^(?:non-virtual|virtual|covariant return) thunk to /;

/**
 * The names as the source has them, with marks of clones and thunks in brackets: "f(int) [isra.0]". Other names, and those that
 * no person would read, are returned as they are.
 */
export function demangleAll(symbols: readonly string[]): string[] {
  const names = symbols.map((symbol) =>
    symbol.includes('.') ? symbol.replace(MADE_UNIQUE, '').replace(GCC_COROUTINE, '$1$2') : symbol,
  );
  const bare = names.map((name) => (name.includes('.') ? name.replace(APPENDED, '') : name));
  return demangler()
    .readable(bare)
    .map((readable, i) => (readable === bare[i] ? (names[i] as string) : marked(readable, names[i] as string)));
}

/** One of them. */
export function demangle(symbol: string): string {
  return demangleAll([symbol])[0] as string;
}

function marked(readable: string, name: string): string {
  const clones = name.includes('.') ? (name.match(CLONE_MARKS) ?? []).map((mark) => mark.slice(1)) : [];
  const marks = THUNK.test(readable) ? ['thunk', ...clones] : clones;
  return marks.length === 0 ? readable : `${readable.replace(THUNK, '')} [${marks.join(' ')}]`;
}
