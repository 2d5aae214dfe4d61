/** Functions of a program that is not Go: from the best symbol table that there is. */

import { buildIdOf } from '../elf/build-id.js';
import { type Elf, SECTION } from '../elf/elf.js';
import type { MemoryImage } from '../elf/memory-image.js';
import type { FunctionTable, InlinedCopies, Language, SymbolSource } from '../image.js';
import { groupBodies, noBodies } from './bodies.js';
import { findDebugFile } from './debug-file.js';
import { functionPlaces } from './function-places.js';
import { readInlinedCopies } from './inlined-copies.js';
import { languageOf } from './language.js';
import { readMiniDebugInfo } from './mini-debug-info.js';
import { nativeFunctions } from './native-functions.js';
import { countFunctions, joinSymbols, readSymbols, type SymbolColumns, type Wanted } from './symbol-table.js';

export interface NativeProgram {
  functions: FunctionTable;
  symbols: SymbolSource;
  language: Language;
  inlined: InlinedCopies;
}

/** Reads the symbols, or those of them that are wanted; a program without any has no functions and the source "none". */
export function readNativeProgram(elf: Elf, memory: MemoryImage, wanted: Wanted = () => true): NativeProgram {
  const { symbols, columns } = bestSymbols(elf, wanted);
  const language = languageOf(elf, columns?.names ?? []);
  const bodies = columns === null ? noBodies() : groupBodies(columns, (address) => codeEnd(elf, memory, address));
  const functions = nativeFunctions(bodies, functionPlaces(elf));
  return { functions, symbols, language, inlined: readInlinedCopies(elf, bodies) };
}

/** The full table, else a debug file's, else the packed one with what the dynamic linker needs, else that alone. */
function bestSymbols(elf: Elf, wanted: Wanted): { symbols: SymbolSource; columns: SymbolColumns | null } {
  const own = readSymbols(elf, SECTION.symtab, wanted);
  // A table with fewer functions than the dynamic linker's is what was kept when the others were stripped.
  const isFull = own !== null && own.count >= countFunctions(elf, SECTION.dynsym, wanted);
  if (isFull) return { symbols: 'symtab', columns: own };
  const debugFile = findDebugFile(elf, buildIdOf(elf));
  const separate = debugFile === null ? null : readSymbols(debugFile, SECTION.symtab, wanted);
  if (separate !== null) return { symbols: 'debugfile', columns: separate };
  const left = joined(readSymbols(elf, SECTION.dynsym, wanted), own);
  const mini = readMiniDebugInfo(elf);
  const packed = mini === null ? null : readSymbols(mini, SECTION.symtab, wanted);
  if (packed !== null) return { symbols: 'minidebuginfo', columns: joined(packed, left) };
  return { symbols: left === null ? 'none' : 'dynsym', columns: left };
}

const joined = (a: SymbolColumns | null, b: SymbolColumns | null): SymbolColumns | null =>
  a === null || b === null ? (a ?? b) : joinSymbols(a, b);

/** Where the code around an address ends in the file: `_init` has a section of its own in front of the PLT. */
function codeEnd(elf: Elf, memory: MemoryImage, address: number): number {
  const section = elf.sections.find((one) => one.executable && address >= one.address && address < one.address + one.size);
  if (section !== undefined) return section.address + section.size;
  const segment = memory.segments.find(({ vaddr, fileSize }) => address >= vaddr && address < vaddr + fileSize);
  return segment === undefined ? address : segment.vaddr + segment.fileSize;
}
