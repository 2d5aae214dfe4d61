/** How often the compiler copied functions of a C, C++ or Rust program into others, by its DWARF or its debug file's. */

import { demangle } from '../../demangle/demangle.js';
import type { Elf } from '../elf/elf.js';
import type { InlinedCopies } from '../image.js';
import { once } from '../name-index.js';
import type { Bodies } from './bodies.js';
import { readDebugInfo } from './debug-info.js';

/** Read when first asked. Nothing is known of programs without DWARF. */
export function readInlinedCopies(elf: Elf, bodies: Bodies): InlinedCopies {
  const counted = once(() => count(readDebugInfo(elf, (dwarf) => dwarf.inlinedCopies()) ?? new Map(), bodies));
  return { of: (row) => counted().rows.get(row) ?? 0, withoutBody: () => counted().withoutBody };
}

/** Static functions may share a name: the first of them stands for all. */
function count(copies: ReadonlyMap<string, number>, bodies: Bodies) {
  const rows = new Map<number, number>();
  const withoutBody = new Map<string, number>();
  const rowOf = firstRows(bodies, new Set([...copies.keys()].flatMap(symbolsOf)));
  for (const [name, copied] of copies) {
    const row = symbolsOf(name).flatMap((symbol) => rowOf.get(symbol) ?? [])[0];
    if (row === undefined) withoutBody.set(demangle(name), copied);
    else rows.set(row, (rows.get(row) ?? 0) + copied);
  }
  return { rows, withoutBody };
}

/** DWARF names a constructor as a whole (C4), the symbol table its variants (C1, C2); destructors alike. */
function symbolsOf(name: string): string[] {
  return [name, name.replace(/C4E/, 'C2E'), name.replace(/D4E/, 'D2E')];
}

/** The first body of each of these symbols. Few are wanted of many: an index of all would take longer. */
function firstRows({ names, aliases }: Bodies, wanted: ReadonlySet<string>): Map<string, number> {
  const rows = new Map<string, number>();
  const note = (name: string, row: number): void => {
    if (wanted.has(name)) rows.set(name, Math.min(row, rows.get(name) ?? row));
  };
  names.forEach(note);
  for (const [row, others] of aliases) for (const name of others) note(name, row);
  return rows;
}
