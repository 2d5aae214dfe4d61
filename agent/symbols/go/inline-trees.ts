/** How often the compiler copied a function into others, by the inline trees of pclntab (they survive stripping). */

import type { MemoryImage } from '../elf/memory-image.js';
import { FUNCTION_DATA_INLINE_TREE, type FunctionRecords, VALUE_TABLE_INLINE_INDEX } from './function-records.js';
import type { PclntabLayout } from './pclntab.js';
import { largestValue } from './values.js';

/** Bytes of one inlined call, and where its name's offset lies. */
const ENTRY: Record<PclntabLayout, { bytes: number; name: number } | null> = {
  '1.20': { bytes: 16, name: 4 },
  '1.18': { bytes: 20, name: 12 },
  '1.16': null,
};

/** The longest tree that is believed; a damaged table must not make us read the whole file. */
const MAX_TREE_ENTRIES = 100_000;

/** Inlined calls by the offset of the callee's name; empty when the program's layout has no readable trees. */
export function countInlinedCalls(
  records: FunctionRecords,
  layout: PclntabLayout,
  memory: MemoryImage,
  functionData: number | null,
): Map<number, number> {
  const counts = new Map<number, number>();
  const entry = ENTRY[layout];
  const trees = functionData === null ? null : memory.read(functionData, Number.MAX_SAFE_INTEGER);
  if (entry === null || trees === null) return counts;
  for (let row = 0; row < records.count; row++) {
    const at = records.functionData(row, FUNCTION_DATA_INLINE_TREE);
    if (at === null) continue;
    const entries = 1 + largestValue(records.values, records.valueTable(row, VALUE_TABLE_INLINE_INDEX));
    for (let i = 0; i < Math.min(entries, MAX_TREE_ENTRIES); i++) {
      const nameAt = at + i * entry.bytes + entry.name;
      if (nameAt + 4 > trees.length) break;
      const name = trees.readUInt32LE(nameAt);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}
