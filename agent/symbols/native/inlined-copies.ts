/** How often the compiler copied functions of a C, C++ or Rust program into others, by its DWARF or its debug file's. */

import { CoralError } from '../../../proto/errors.js';
import { openDwarf } from '../../dwarf/open-dwarf.js';
import { buildIdOf } from '../elf/build-id.js';
import { type Elf, sectionNamed } from '../elf/elf.js';
import type { FunctionTable, InlinedCopies } from '../image.js';
import { once } from '../name-index.js';
import { findDebugFile } from './debug-file.js';
import { demangle } from './demangle.js';

/** All of it is read, 100 MB a second: of larger programs nothing is told rather than that everybody waits. */
const MAX_DEBUG_INFO_BYTES = 64 * 1024 * 1024;

/** Read when first asked. Nothing is known of programs without DWARF. */
export function readInlinedCopies(elf: Elf, functions: FunctionTable): InlinedCopies {
  const counted = once(() => count(copiesByName(elf), functions));
  return { of: (row) => counted().rows.get(row) ?? 0, withoutBody: () => counted().withoutBody };
}

function copiesByName(elf: Elf): ReadonlyMap<string, number> {
  const file = [elf, findDebugFile(elf, buildIdOf(elf))].find((candidate) => debugInfoBytes(candidate) > 0);
  if (!file || file.file.reopenPath === null || debugInfoBytes(file) > MAX_DEBUG_INFO_BYTES) return new Map();
  return readCopies(file.file.reopenPath);
}

/** DWARF that libdw cannot read tells nothing: functions can be probed without it. */
function readCopies(path: string): ReadonlyMap<string, number> {
  try {
    const dwarf = openDwarf(path);
    const copies = dwarf.inlinedCopies();
    dwarf.close();
    return copies;
  } catch (error) {
    if (error instanceof CoralError && error.code === 'UNSUPPORTED') return new Map();
    throw error;
  }
}

const debugInfoBytes = (elf: Elf | null): number => (elf === null ? 0 : (sectionNamed(elf, '.debug_info')?.size ?? 0));

/** Static functions may share a name: the first of them stands for all. */
function count(copies: ReadonlyMap<string, number>, functions: FunctionTable) {
  const rows = new Map<number, number>();
  const withoutBody = new Map<string, number>();
  for (const [name, copied] of copies) {
    const row = bodyOf(name, functions);
    if (row === undefined) withoutBody.set(demangle(name), copied);
    else rows.set(row, (rows.get(row) ?? 0) + copied);
  }
  return { rows, withoutBody };
}

/** DWARF names a constructor as a whole (C4), the symbol table its variants (C1, C2); destructors alike. */
function bodyOf(name: string, functions: FunctionTable): number | undefined {
  const variants = [name, name.replace(/C4E/, 'C2E'), name.replace(/D4E/, 'D2E')];
  return variants.flatMap((variant) => functions.find(variant))[0];
}
