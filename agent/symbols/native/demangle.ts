/** Readable names of C++ and Rust symbols: the one owner of the demangler (wasm, loaded on first use). */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as glue from 'gecko-profiler-demangle/index_bg.js';
import { once } from '../name-index.js';

const load = once(() => {
  const path = createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm');
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), { './index_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return glue.demangle_any;
});

/** Marks of what compilers make out of a function besides it: clones, parts, and the pieces of a coroutine. */
const CLONE_MARKS = /\.(?:part|isra|constprop|localalias|resume|destroy|cleanup|actor)(?:\.\d+)?/g;
/** Everything that a compiler appends to a mangled name; mangled names themselves have no dots. */
const APPENDED = /\.[\w.]+$/;

/** What link-time optimisation appends to the names of static functions, so that files do not clash. */
const MADE_UNIQUE = /\.(?:lto_priv|llvm)\.\d+/g;
/** GCC's names for the pieces of a coroutine end with the whole symbol of its function. */
const GCC_COROUTINE = /^_Z.+E\d+(_Z.+)\.Frame(\.(?:actor|destroy).*)$/;

/**
 * Each reference to an earlier part may double the name: 240 bytes can stand for 50 MB. Of the 180,000 names of node, LLVM,
 * clang, GCC and a database emulator 36 have more, none is longer.
 */
const MAX_REFERENCES = 24;
const MAX_READABLE = 16 * 1024;
const REFERENCE = /S[\dA-Z]*_/g;

/** The name as the source has it, with the clone's marks in brackets: "f(int) [isra.0]". Other names, and those that no person would read, are returned as they are. */
export function demangle(symbol: string): string {
  const name = symbol.includes('.') ? symbol.replace(MADE_UNIQUE, '').replace(GCC_COROUTINE, '$1$2') : symbol;
  if (!name.startsWith('_Z') && !name.startsWith('_R')) return name;
  if ((name.match(REFERENCE)?.length ?? 0) > MAX_REFERENCES) return name;
  const readable = load()(name.replace(APPENDED, ''));
  if (readable.length > MAX_READABLE) return name;
  const marks = name.includes('.') ? name.match(CLONE_MARKS) : null;
  return marks === null ? readable : `${readable} [${marks.map((mark) => mark.slice(1)).join(' ')}]`;
}
