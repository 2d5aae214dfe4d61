/** ELF symbol tables as columns: functions, resolvers and moved parts, before names are grouped by address. */

import { type Elf, type ElfSection, SECTION, sectionBytes } from '../elf/elf.js';
import { corruptElf } from '../elf/file-bytes.js';

const SYMBOL_BYTES = 24;
const TYPE_FUNCTION = 2;
const TYPE_IFUNC = 10;
const BINDING_LOCAL = 0;
const UNDEFINED_SECTION = 0;

export interface SymbolColumns {
  count: number;
  names: string[];
  addresses: Float64Array;
  sizes: Float64Array;
  /** 1: an indirect function's resolver. */
  ifunc: Uint8Array;
  /** 1: visible outside of its file. */
  global: Uint8Array;
}

type TableType = (typeof SECTION)['symtab' | 'dynsym'];

/** Which addresses are asked for. */
export type Wanted = (address: number) => boolean;

/** The functions of `.symtab`, or of `.dynsym`. Null: the file has no such table, or it names no function that is wanted. */
export function readSymbols(elf: Elf, type: TableType, wanted: Wanted): SymbolColumns | null {
  const section = tableOf(elf, type);
  if (section === undefined) return null;
  const bytes = sectionBytes(elf, section);
  const rows = functionRows(elf, bytes, wanted);
  const names = readNames(elf, section, bytes, rows);
  const columns: SymbolColumns = {
    count: rows.length,
    names,
    addresses: Float64Array.from(rows, (at) => wordAt(bytes, at + 8)),
    sizes: Float64Array.from(rows, (at) => wordAt(bytes, at + 16)),
    ifunc: Uint8Array.from(rows, (at) => Number(((bytes[at + 4] as number) & 15) === TYPE_IFUNC)),
    global: Uint8Array.from(rows, (at) => Number((bytes[at + 4] as number) >> 4 !== BINDING_LOCAL)),
  };
  return rows.length === 0 ? null : columns;
}

/** How many functions a table names; 0 where there is no such table. */
export function countFunctions(elf: Elf, type: TableType, wanted: Wanted): number {
  const section = tableOf(elf, type);
  return section === undefined ? 0 : functionRows(elf, sectionBytes(elf, section), wanted).length;
}

const tableOf = (elf: Elf, type: TableType): ElfSection | undefined => elf.sections.find((candidate) => candidate.type === type);

/** Both tables' functions: MiniDebugInfo leaves out what `.dynsym` has. */
export function joinSymbols(a: SymbolColumns, b: SymbolColumns): SymbolColumns {
  const joined = <Column extends Float64Array | Uint8Array>(room: Column, first: Column, second: Column): Column => {
    room.set(first);
    room.set(second, first.length);
    return room;
  };
  const count = a.count + b.count;
  return {
    count,
    names: [...a.names, ...b.names],
    addresses: joined(new Float64Array(count), a.addresses, b.addresses),
    sizes: joined(new Float64Array(count), a.sizes, b.sizes),
    ifunc: joined(new Uint8Array(count), a.ifunc, b.ifunc),
    global: joined(new Uint8Array(count), a.global, b.global),
  };
}

/** Offsets of the defined functions that are wanted. */
function functionRows(elf: Elf, bytes: Buffer, wanted: Wanted): Uint32Array {
  const isExecutable = executableSections(elf);
  const rows = new Uint32Array(Math.floor(bytes.length / SYMBOL_BYTES));
  let count = 0;
  for (let at = 0; at + SYMBOL_BYTES <= bytes.length; at += SYMBOL_BYTES) {
    const type = (bytes[at + 4] as number) & 15;
    if (type !== TYPE_FUNCTION && type !== TYPE_IFUNC) continue;
    if (isExecutable(bytes.readUInt16LE(at + 6)) && wanted(wordAt(bytes, at + 8))) rows[count++] = at;
  }
  return rows.subarray(0, count);
}

/** Section indices above the table (reserved ones) name no section. */
function executableSections(elf: Elf): (section: number) => boolean {
  return (section) => section !== UNDEFINED_SECTION && elf.sections[section]?.executable === true;
}

/** Names in bulk: the string table is decoded once, versions ("@@GLIBC_2.2.5") are cut off. */
function readNames(elf: Elf, section: ElfSection, bytes: Buffer, rows: Uint32Array): string[] {
  const strings = elf.sections[section.link];
  if (strings === undefined || strings.type !== SECTION.strtab) {
    throw corruptElf(
      elf.file.path,
      `section ${section.name}: its string table is section ${section.link} of ${elf.sections.length}`,
    );
  }
  const text = sectionBytes(elf, strings).toString('latin1');
  const decoded = BEYOND_ASCII.test(text) ? asUtf8 : asItIs;
  return Array.from(rows, (at) => {
    const start = bytes.readUInt32LE(at);
    const end = text.indexOf('\0', start);
    const name = decoded(text.slice(start, end < 0 ? text.length : end));
    const version = name.indexOf('@');
    return version > 0 ? name.slice(0, version) : name;
  });
}

/** Offsets are of bytes, so the table is read a byte a letter; names that are more than ASCII are put together here. */
const BEYOND_ASCII = /[\x80-\xff]/;
const asItIs = (name: string): string => name;
const asUtf8 = (name: string): string => (BEYOND_ASCII.test(name) ? Buffer.from(name, 'latin1').toString('utf8') : name);

/** Addresses above 2^53 lose their last bits here and are found to lie outside of every segment. */
const wordAt = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
