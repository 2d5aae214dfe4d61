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

const TAG = /B\d/g;
const SHOWN_TAG = /\$abi\$(\w+?)\$/g;

/**
 * ABI tags ("B5cxx11" behind a name: it returns a std::string) made part of the names that bear them: the demangler takes a tag
 * for a part of its own, and shows other types than the parameters' behind it.
 */
function tagsInNames(symbol: string): string {
  if (symbol.length > MAX_READABLE) return symbol;
  let made = '';
  let done = 0;
  for (const { index } of symbol.matchAll(TAG)) {
    const at = index < done ? -1 : startOfName(symbol, index);
    const tags = at < done ? [] : tagsAt(symbol, index);
    if (tags.length === 0) continue;
    const name = symbol.slice(at, index) + tags.map((tag) => `$abi$${tag}$`).join('');
    made += symbol.slice(done, at - String(index - at).length) + name.length + name;
    done = index + tags.reduce((bytes, tag) => bytes + `B${tag.length}`.length + tag.length, 0);
  }
  return made + symbol.slice(done);
}

/** The tags that begin here, one behind the other. */
function tagsAt(symbol: string, at: number): string[] {
  const [mark, length = ''] = /^B(\d+)/.exec(symbol.slice(at, at + 8)) ?? [];
  if (mark === undefined) return [];
  const tag = symbol.slice(at + mark.length, at + mark.length + Number(length));
  if (tag.length !== Number(length) || !/^\w+$/.test(tag)) return [];
  return [tag, ...tagsAt(symbol, at + mark.length + tag.length)];
}

/** Longer names are not looked for: a hostile file may hold many marks behind each other. */
const MAX_NAME = 256;

/** Where the name begins that ends here, as the number in front of it says; -1: none does. */
function startOfName(symbol: string, end: number): number {
  for (let at = Math.max(1, end - MAX_NAME); at < end; at++) {
    const length = String(end - at);
    const digits = at - length.length;
    if (symbol.startsWith(length, digits) && digits > 0 && !/\d/.test(symbol[digits - 1] as string)) return at;
  }
  return -1;
}

const tagsShown = (readable: string): string => readable.replace(SHOWN_TAG, '[abi:$1]');

/** The name as the source has it, with the clone's marks in brackets: "f(int) [isra.0]". Other names, and those that no person would read, are returned as they are. */
export function demangle(symbol: string): string {
  const name = symbol.includes('.') ? symbol.replace(MADE_UNIQUE, '').replace(GCC_COROUTINE, '$1$2') : symbol;
  if (!name.startsWith('_Z') && !name.startsWith('_R')) return name;
  if ((name.match(REFERENCE)?.length ?? 0) > MAX_REFERENCES) return name;
  const readable = tagsShown(load()(tagsInNames(name.replace(APPENDED, ''))));
  if (readable.length > MAX_READABLE) return name;
  const marks = name.includes('.') ? name.match(CLONE_MARKS) : null;
  return marks === null ? readable : `${readable} [${marks.map((mark) => mark.slice(1)).join(' ')}]`;
}
