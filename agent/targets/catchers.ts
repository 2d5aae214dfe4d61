/** The functions that mark where an exception or a panic ended: code calls them first where it has caught one. */

import { basename } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import type { MappedFile } from '../procfs/mapped-files.js';
import type { Bodies, MappedImage } from '../sessions/ports.js';
import type { Image } from '../symbols/image.js';

/** Of C++'s ABI, GNAT's (Ada) and the two of D. */
const CATCHERS = [
  '__cxa_begin_catch',
  '__gnat_begin_handler_v1',
  '__gnat_begin_handler',
  '__gdc_begin_catch',
  '_d_eh_enter_catch',
];
/** Where those lie when the program does not have them itself. */
const RUNTIME_LIBRARY = /^lib(stdc\+\+|c\+\+|c\+\+abi|gnat-\d+|gphobos|druntime-ldc-shared)\.so(\.|$)/;
/** Of Rust's standard library, the outermost that is not inlined. Names changed in 1.89 and 1.90; there is a `do_catch` for each type. */
const RUST_CATCHER = /^(std::panicking::(catch_unwind|try)::(do_catch\b|cleanup$)|(__rustc::)?__rust_panic_cleanup$)/;

const known = new WeakMap<Image, number[]>();

/** Those of a process; a file that cannot be read has none. */
export function findCatchers(files: readonly MappedFile[], open: (file: MappedFile) => MappedImage): Bodies[] {
  return files
    .filter(({ isProgram, shownPath }) => isProgram || RUNTIME_LIBRARY.test(basename(shownPath)))
    .flatMap((file) => catchersIn(file, open));
}

function catchersIn(file: MappedFile, open: (file: MappedFile) => MappedImage): Bodies[] {
  try {
    const mapped = open(file);
    const rows = known.get(mapped.image) ?? catchersOf(mapped.image);
    known.set(mapped.image, rows);
    return rows.length > 0 ? [{ mapped, rows }] : [];
  } catch (error) {
    if (error instanceof CoralError) return [];
    throw error;
  }
}

function catchersOf({ functions, language }: Image): number[] {
  const inRust = language === 'rust' ? functions.names().flatMap((name, row) => (RUST_CATCHER.test(name) ? [row] : [])) : [];
  return [...CATCHERS.flatMap((name) => [...functions.find(name)]), ...inRust];
}
