/** A Go program's functions and runtime facts, from its own tables alone (no ELF symbols, no DWARF). */

import { CoralError } from '../../../proto/errors.js';
import { type Elf, PROGRAM } from '../elf/elf.js';
import { corruptElf } from '../elf/file-bytes.js';
import type { MemoryImage } from '../elf/memory-image.js';
import { lowerBound } from '../elf/relocations.js';
import type { FunctionTable, GoRuntime, InlinedCopies } from '../image.js';
import { nameIndex, once } from '../name-index.js';
import { goVersionOf } from './build-info.js';
import { type FunctionRecords, functionRecords } from './function-records.js';
import { gLayoutOf, toldByFunctions } from './g-layout.js';
import { countInlinedCalls } from './inline-trees.js';
import { findModuleData, type ModuleData } from './module-data.js';
import { findPclntab, hasUnknownPclntab, type Pclntab } from './pclntab.js';
import { typeAt } from './type-descriptors.js';

const FLAG_TOP_FRAME = 1;
const FLAG_STACK_POINTER_WRITE = 2;
const FLAG_ASSEMBLY = 4;
const POINTER_BYTES = 8;

export interface GoProgram {
  functions: FunctionTable;
  runtime: GoRuntime;
  inlined: InlinedCopies;
}

/** Reads the tables; null when the file is not a Go program. */
export function readGoProgram(elf: Elf, memory: MemoryImage): GoProgram | null {
  if (!looksLikeGo(elf)) return null;
  const table = findPclntab(elf);
  if (table === null) {
    if (elf.sections.length === 0) return null;
    if (hasUnknownPclntab(elf)) throw unknownTable(elf.file.path);
    throw corruptElf(elf.file.path, 'it is a Go program, but no section holds its function table (pclntab)');
  }
  const module = findModuleData(elf, memory, table);
  const textStart = module?.textStart ?? table.textStart;
  if (textStart === 0 && table.layout !== '1.16') {
    throw corruptElf(elf.file.path, 'pclntab has no text start and no moduledata points to it');
  }
  const records = functionRecords(elf.file.path, table, textStart);
  const functions = functionTable(records);
  return {
    functions,
    runtime: goRuntime(elf, memory, table, module, records, functions),
    inlined: inlinedCopies(memory, table, module, records, functions),
  };
}

function unknownTable(path: string): CoralError {
  const message = `${path} is a Go program whose function table has an unknown form: an obfuscator (garble) or a later Go release wrote it`;
  return new CoralError('UNSUPPORTED', message, 'build it without the obfuscator, or with Go 1.26 or older', { path });
}

/** A cheap test before a hundred megabytes are searched for a magic. */
function looksLikeGo(elf: Elf): boolean {
  if (elf.sections.length === 0) return true;
  return elf.sections.some(({ name }) => name.startsWith('.note.go.') || name.startsWith('.go.') || name.endsWith('.gopclntab'));
}

function functionTable(records: FunctionRecords): FunctionTable {
  const rawName = (row: number): string => records.nameAt(records.nameOffset(row));
  const rawNames = once(() => Array.from({ length: records.count }, (_, row) => rawName(row)));
  const names = once(() => rawNames().map(printedName));
  const index = once(() => nameIndex([...names(), ...rawNames()], (entry) => entry % records.count));
  return {
    count: records.count,
    name: (row) => printedName(rawName(row)),
    address: (row) => records.addresses[row] as number,
    size: (row) => sizeOf(records, row),
    file: records.file,
    line: records.line,
    find: (name) => [...new Set(index().find(name))],
    names,
    aliases: (row) => (printedName(rawName(row)) === rawName(row) ? NONE : [rawName(row)]),
    kind: () => 'function',
    partAt: () => null,
    rowAt(address) {
      const row = lowerBound(records.addresses, address);
      return row < records.count && records.addresses[row] === address ? row : -1;
    },
  };
}

const NONE: readonly string[] = [];

/** As Go's own traces print a name: the bodies of a generic function (one a shape) share "main.Sum[...]". */
function printedName(name: string): string {
  const open = name.indexOf('[');
  const close = name.lastIndexOf(']');
  const isGeneric = open > 0 && close > open && !name.startsWith('type:') && !name.startsWith('type..');
  return isGeneric ? `${name.slice(0, open)}[...]${name.slice(close + 1)}` : name;
}

/** Bytes up to where the stack depths end, which is the body without the padding behind it. */
function sizeOf(records: FunctionRecords, row: number): number {
  const room = (records.addresses[row + 1] as number) - (records.addresses[row] as number);
  const body = records.codeBytes(row);
  return body > 0 && body < room ? body : room;
}

function goRuntime(
  elf: Elf,
  memory: MemoryImage,
  table: Pclntab,
  module: ModuleData | null,
  records: FunctionRecords,
  functions: FunctionTable,
): GoRuntime {
  const version = goVersionOf(elf, memory);
  const told = version === '' ? toldByFunctions(table.layout, functions.names()) : { version, ...gLayoutOf(version) };
  return {
    ...told,
    stackDepth: records.stackDepth,
    isAssembly: (row) => (records.flags(row) & FLAG_ASSEMBLY) !== 0 || records.file(row).endsWith('.s'),
    isForeign: (row) => records.codeBytes(row) === 0,
    switchesStacks: (row) => (records.flags(row) & (FLAG_TOP_FRAME | FLAG_STACK_POINTER_WRITE)) !== 0,
    typeAt: (address) => (module?.types ? typeAt(memory, module.types, address) : null),
    gInThreadLocal: isGInThreadLocal(elf),
  };
}

/** In a program whose one thread-local variable is g, that lies right below the thread's base. Libraries get their place when loaded. */
function isGInThreadLocal(elf: Elf): boolean {
  const isLibrary = elf.pie && !elf.programs.some(({ type }) => type === PROGRAM.interp);
  return !isLibrary && elf.programs.every(({ type, memorySize }) => type !== PROGRAM.tls || memorySize === POINTER_BYTES);
}

function inlinedCopies(
  memory: MemoryImage,
  table: Pclntab,
  module: ModuleData | null,
  records: FunctionRecords,
  functions: FunctionTable,
): InlinedCopies {
  const counted = once(() => countInlinedCalls(records, table.layout, memory, module?.functionData ?? null));
  return {
    of: (row) => counted().get(records.nameOffset(row)) ?? 0,
    withoutBody: once(() => callsByName(counted(), records, functions)),
  };
}

/** Inlined calls of names that have no body of their own. */
function callsByName(inlined: Map<number, number>, records: FunctionRecords, functions: FunctionTable): Map<string, number> {
  const calls = new Map<string, number>();
  for (const [offset, count] of inlined) {
    const name = printedName(records.nameAt(offset));
    if (functions.find(name).length === 0) calls.set(name, (calls.get(name) ?? 0) + count);
  }
  return calls;
}
