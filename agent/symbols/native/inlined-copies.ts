/** How often the compiler copied functions of a C, C++ or Rust program into others, by its DWARF or its debug file's. */

import type { Elf } from '../elf/elf.js';
import type { FunctionTable, InlinedCopies } from '../image.js';
import { once } from '../name-index.js';
import { readDebugInfo } from './debug-info.js';
import { demangle } from './demangle.js';

/** Read when first asked. Nothing is known of programs without DWARF. */
export function readInlinedCopies(elf: Elf, functions: FunctionTable): InlinedCopies {
  const counted = once(() => count(readDebugInfo(elf, (dwarf) => dwarf.inlinedCopies()) ?? new Map(), functions));
  return { of: (row) => counted().rows.get(row) ?? 0, withoutBody: () => counted().withoutBody };
}

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
