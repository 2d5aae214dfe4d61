/** runtime.firstmoduledata: where the program's text really starts, and where its function data lies. */

import type { Elf, ElfSection } from '../elf/elf.js';
import { SECTION, sectionBytes } from '../elf/elf.js';
import type { MemoryImage } from '../elf/memory-image.js';
import type { Pclntab } from './pclntab.js';
import type { TypeSection } from './type-descriptors.js';

export interface ModuleData {
  textStart: number;
  textEnd: number;
  /** Address that funcdata offsets are relative to; null before 1.18 and where no layout fits. */
  functionData: number | null;
  /** Type descriptors; null where the layout is not known. */
  types: TypeSection | null;
}

/** Word index of minpc, maxpc, text, etext: after the header pointer, six slices and findfunctab. */
const MIN_PC = 20;
const MAX_PC = 21;
const TEXT = 22;
const TEXT_END = 23;
/** Candidates for rodata and gofunc: Go 1.18-1.19 have no coverage counters in front of them. */
const FUNCTION_DATA_WORDS: readonly number[] = [40, 38];

/** Finds the structure that points to the table; null when no pointer to it looks like one. */
export function findModuleData(elf: Elf, memory: MemoryImage, table: Pclntab): ModuleData | null {
  for (const address of pointersTo(elf, memory, table.address)) {
    const found = readModuleData(memory, table, address);
    if (found !== null) return found;
  }
  return null;
}

function* pointersTo(elf: Elf, memory: MemoryImage, target: number): Iterable<number> {
  yield* memory.relocatedTo(target);
  const pattern = Buffer.alloc(8);
  pattern.writeBigUInt64LE(BigInt(target));
  for (const section of dataSections(elf)) {
    const bytes = sectionBytes(elf, section);
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) {
      if ((section.address + at) % 8 === 0) yield section.address + at;
    }
  }
}

const DATA_SECTIONS = ['.go.module', '.noptrdata', '.data', '.data.rel.ro'];

function dataSections(elf: Elf): ElfSection[] {
  return DATA_SECTIONS.flatMap((name) =>
    elf.sections.filter((section) => section.name === name && section.type !== SECTION.nobits),
  );
}

/** The words at an address as moduledata, when they agree with the table. */
function readModuleData(memory: MemoryImage, table: Pclntab, address: number): ModuleData | null {
  const word = (index: number): number | null => memory.pointer(address + index * 8);
  const [minPc, maxPc, text, textEnd] = [word(MIN_PC), word(MAX_PC), word(TEXT), word(TEXT_END)];
  if (minPc === null || maxPc === null || text === null || textEnd === null) return null;
  const names = word(1);
  const agrees = names === table.address + table.namesAt && text > 0 && text <= minPc && minPc < maxPc && text < textEnd;
  return agrees ? { textStart: text, textEnd, ...readOnlyData(word, memory, table) } : null;
}

/** types, etypes, rodata and gofunc follow one another; rodata and gofunc are addresses of the program. */
function readOnlyData(word: (index: number) => number | null, memory: MemoryImage, table: Pclntab) {
  if (table.layout === '1.16') return { functionData: null, types: null };
  for (const index of FUNCTION_DATA_WORDS) {
    const [start, end, rodata, gofunc] = [word(index - 3), word(index - 2), word(index - 1), word(index)];
    if (rodata === null || gofunc === null || gofunc < rodata) continue;
    if (memory.fileOffset(rodata) === null || memory.fileOffset(gofunc) === null) continue;
    const known = start !== null && end !== null && start > 0 && start < end;
    return { functionData: gofunc, types: known ? { start, end } : null };
  }
  return { functionData: null, types: null };
}
