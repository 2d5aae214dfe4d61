/** The ELF container: header, program headers, section headers. x86-64, little endian; everything is bounds-checked. */

import { CoralError } from '../../../proto/errors.js';
import type { Segment } from '../image.js';
import { corruptElf, type FileBytes } from './file-bytes.js';

/** Section types that we read. */
export const SECTION = { symtab: 2, strtab: 3, rela: 4, note: 7, nobits: 8, dynsym: 11 } as const;

/** Program header types that we read. */
export const PROGRAM = { load: 1, dynamic: 2, interp: 3, note: 4, tls: 7 } as const;

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const MACHINE_X86_64 = 62;
const TYPE_DYN = 3;
const FLAG_EXECUTABLE = 1;
const SECTION_EXECUTABLE = 4;
const SECTION_COMPRESSED = 0x800;

export interface ElfSection {
  name: string;
  type: number;
  address: number;
  offset: number;
  size: number;
  link: number;
  entryBytes: number;
  executable: boolean;
  /** Its bytes begin with a header that says how (SHF_COMPRESSED). */
  compressed: boolean;
}

export interface ElfProgram {
  type: number;
  address: number;
  offset: number;
  fileSize: number;
  memorySize: number;
  executable: boolean;
}

export interface Elf {
  file: FileBytes;
  /** Position independent: addresses are relative to a load bias. */
  pie: boolean;
  programs: ElfProgram[];
  sections: ElfSection[];
}

/** Reads the headers. CORRUPT_ELF for malformed files, UNSUPPORTED for other architectures. */
export function readElf(file: FileBytes): Elf {
  const header = readHeader(file);
  const programs = readTable(file, 'program headers', header, 32, 54, 56, PROGRAM_HEADER_BYTES).map(readProgram);
  const raw = readTable(file, 'section headers', header, 40, 58, 60, SECTION_HEADER_BYTES);
  const namesAt = header.readUInt16LE(62);
  return { file, pie: header.readUInt16LE(16) === TYPE_DYN, programs, sections: readSections(file, raw, namesAt) };
}

/** The loadable segments, for address arithmetic. */
export function segmentsOf(elf: Elf): Segment[] {
  return elf.programs
    .filter((program) => program.type === PROGRAM.load)
    .map(({ address, offset, fileSize, executable }) => ({ vaddr: address, offset, fileSize, executable }));
}

/** The bytes of a segment that is run, and where they are linked. */
export interface CodeBytes {
  address: number;
  code: Buffer;
}

/** All code of the file. */
export function readCode(elf: Elf): CodeBytes[] {
  return segmentsOf(elf)
    .filter(({ executable }) => executable)
    .map(({ vaddr, offset, fileSize }) => ({ address: vaddr, code: elf.file.read(offset, fileSize, 'code') }));
}

/** The first section of this name, if any. */
export function sectionNamed(elf: Elf, name: string): ElfSection | undefined {
  return elf.sections.find((section) => section.name === name);
}

/** A section's bytes from the file; empty for NOBITS. */
export function sectionBytes(elf: Elf, section: ElfSection): Buffer {
  if (section.type === SECTION.nobits) return Buffer.alloc(0);
  return elf.file.read(section.offset, section.size, `section ${section.name || '(unnamed)'}`);
}

/** An unsigned 64-bit value as a number; CORRUPT_ELF above 2^53, where no address of a user program lies. */
export function readWord(file: FileBytes, bytes: Buffer, at: number, what: string): number {
  const high = bytes.readUInt32LE(at + 4);
  if (high >= 2 ** 21) throw corruptElf(file.path, `${what}: the value is above 2^53`);
  return high * 2 ** 32 + bytes.readUInt32LE(at);
}

function readHeader(file: FileBytes): Buffer {
  if (file.size < HEADER_BYTES) throw corruptElf(file.path, `${file.size} bytes are too few for an ELF header`);
  const header = file.read(0, HEADER_BYTES, 'ELF header');
  if (header.readUInt32BE(0) !== 0x7f454c46) throw corruptElf(file.path, 'it is not an ELF file');
  const is64BitLittleEndian = header[4] === 2 && header[5] === 1;
  const machine = header.readUInt16LE(18);
  if (is64BitLittleEndian && machine === MACHINE_X86_64) return header;
  throw new CoralError(
    'UNSUPPORTED',
    `${file.path} is built for another machine (ELF class ${header[4]}, byte order ${header[5]}, machine ${machine})`,
    'coral probes x86-64 programs',
    { path: file.path, machine },
  );
}

function readTable(
  file: FileBytes,
  what: string,
  header: Buffer,
  at: number,
  sizeAt: number,
  countAt: number,
  need: number,
): RawEntry[] {
  const offset = readWord(file, header, at, what);
  const count = header.readUInt16LE(countAt);
  const bytesEach = header.readUInt16LE(sizeAt);
  if (count === 0 || offset === 0) return [];
  if (bytesEach < need) throw corruptElf(file.path, `${what}: ${bytesEach} bytes an entry, ${need} expected`);
  const table = file.read(offset, count * bytesEach, what);
  return Array.from({ length: count }, (_, i) => ({
    file,
    bytes: table.subarray(i * bytesEach, (i + 1) * bytesEach),
    what: `${what}, entry ${i}`,
  }));
}

interface RawEntry {
  file: FileBytes;
  bytes: Buffer;
  what: string;
}

function readProgram({ file, bytes, what }: RawEntry): ElfProgram {
  return {
    type: bytes.readUInt32LE(0),
    executable: (bytes.readUInt32LE(4) & FLAG_EXECUTABLE) !== 0,
    offset: readWord(file, bytes, 8, what),
    address: readWord(file, bytes, 16, what),
    fileSize: readWord(file, bytes, 32, what),
    memorySize: readWord(file, bytes, 40, what),
  };
}

function readSections(file: FileBytes, raw: RawEntry[], namesAt: number): ElfSection[] {
  const names = raw[namesAt];
  if (raw.length === 0) return [];
  if (names === undefined) throw corruptElf(file.path, `section names: entry ${namesAt} of ${raw.length}`);
  const { offset, size } = readSection(names);
  const nameBytes = file.read(offset, size, 'section names');
  return raw.map((entry) => ({ ...readSection(entry), name: cString(nameBytes, entry.bytes.readUInt32LE(0)) }));
}

function readSection({ file, bytes, what }: RawEntry): ElfSection {
  const flags = readWord(file, bytes, 8, what);
  return {
    name: '',
    type: bytes.readUInt32LE(4),
    executable: (flags & SECTION_EXECUTABLE) !== 0,
    compressed: (flags & SECTION_COMPRESSED) !== 0,
    address: readWord(file, bytes, 16, what),
    offset: readWord(file, bytes, 24, what),
    size: readWord(file, bytes, 32, what),
    link: bytes.readUInt32LE(40),
    entryBytes: readWord(file, bytes, 56, what),
  };
}

/** A NUL-terminated string; what is there of it when the bytes end. */
export function cString(bytes: Buffer, at: number): string {
  if (at >= bytes.length) return '';
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? bytes.length : end);
}
