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

/** GCC's marks on clones of a function, which are functions of their own. */
const CLONE_MARKS = /\.(?:part|isra|constprop|localalias)(?:\.\d+)?/g;
/** Everything that a compiler appends to a mangled name; mangled names themselves have no dots. */
const APPENDED = /\.[\w.]+$/;

/** The name as the source has it, with the clone's marks in brackets: "f(int) [isra.0]". Other names are returned as they are. */
export function demangle(name: string): string {
  if (!name.startsWith('_Z') && !name.startsWith('_R')) return name;
  const readable = load()(name.replace(APPENDED, ''));
  const marks = name.includes('.') ? name.match(CLONE_MARKS) : null;
  return marks === null ? readable : `${readable} [${marks.map((mark) => mark.slice(1)).join(' ')}]`;
}
