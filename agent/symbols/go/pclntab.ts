/**
 * Go's function table (runtime.pclntab), found by its magic wherever the linker put it. It survives stripping.
 * Layouts: 1.16 (1.16 and 1.17), 1.18 (1.18 and 1.19), 1.20 (1.20 and newer; from 1.26 without a text start).
 */

import { type Elf, type ElfSection, readWord, SECTION, sectionBytes } from '../elf/elf.js';
import { corruptElf, type FileBytes } from '../elf/file-bytes.js';

export type PclntabLayout = '1.16' | '1.18' | '1.20';

const MAGICS: readonly [number, PclntabLayout][] = [
  [0xfffffff1, '1.20'],
  [0xfffffff0, '1.18'],
  [0xfffffffa, '1.16'],
];

/** More functions than any linker has put into one program: a larger count is a chance match of the magic. */
const MAX_FUNCTIONS = 10_000_000;
const HEADER_BYTES = 72;
/** Two bytes that are zero, the least size of an instruction, the size of a pointer. */
const BEHIND_MAGIC = Buffer.of(0, 0, 1, 8);

export interface Pclntab {
  layout: PclntabLayout;
  /** Virtual address of the header, to which moduledata points. */
  address: number;
  bytes: Buffer;
  functionCount: number;
  /** By the header; 0 from Go 1.26 on. */
  textStart: number;
  /** Offsets in `bytes`. */
  namesAt: number;
  unitsAt: number;
  filesAt: number;
  valuesAt: number;
  functionsAt: number;
}

/** Finds and checks the table; null when no section holds one. */
export function findPclntab(elf: Elf): Pclntab | null {
  for (const section of likelySections(elf)) {
    const bytes = sectionBytes(elf, section);
    const at = findHeader(elf.file, bytes);
    if (at >= 0) return readHeader(elf.file, bytes.subarray(at), section.address + at);
  }
  return null;
}

/** Whether the table is there in a form that we do not know: its first word is another one, of an obfuscator (garble) or a later Go. */
export function hasUnknownPclntab(elf: Elf): boolean {
  const section = elf.sections.find(({ name }) => name.endsWith('.gopclntab'));
  if (section === undefined || section.size < HEADER_BYTES) return false;
  const start = elf.file.read(section.offset, BEHIND_MAGIC.length + 4, `header of section ${section.name}`);
  const word = start.readUInt32LE(0);
  return word !== 0 && !MAGICS.some(([magic]) => magic === word) && start.subarray(4).equals(BEHIND_MAGIC);
}

/** Sections that may hold the table, the likeliest first. A file without section headers gives its segments. */
function likelySections(elf: Elf): ElfSection[] {
  if (elf.sections.length === 0) return elf.programs.filter((program) => program.type === 1).map(segmentAsSection);
  const rank = ({ name }: ElfSection): number =>
    ['.rodata', '.data.rel.ro'].indexOf(name) + (name.endsWith('.gopclntab') ? 10 : 0);
  return elf.sections
    .filter((section) => rank(section) >= 0 && section.type !== SECTION.nobits)
    .sort((a, b) => rank(b) - rank(a));
}

const segmentAsSection = (program: Elf['programs'][number]): ElfSection => ({
  name: 'segment',
  type: 1,
  address: program.address,
  offset: program.offset,
  size: program.fileSize,
  link: 0,
  entryBytes: 0,
  executable: program.executable,
  compressed: false,
});

/** Offset of the first header that holds together; -1 when there is none. */
function findHeader(file: FileBytes, bytes: Buffer): number {
  for (const [magic] of MAGICS) {
    const pattern = Buffer.concat([Buffer.alloc(4), BEHIND_MAGIC]);
    pattern.writeUInt32LE(magic);
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) {
      if (isHeader(file, bytes.subarray(at))) return at;
    }
  }
  return -1;
}

function isHeader(file: FileBytes, bytes: Buffer): boolean {
  try {
    readHeader(file, bytes, 0);
    return true;
  } catch {
    return false; // eight bytes of something else that look like the magic
  }
}

function readHeader(file: FileBytes, bytes: Buffer, address: number): Pclntab {
  if (bytes.length < HEADER_BYTES) throw corruptElf(file.path, 'pclntab: the header is cut');
  const layout = MAGICS.find(([magic]) => magic === bytes.readUInt32LE(0))?.[1];
  if (layout === undefined) throw corruptElf(file.path, 'pclntab: unknown magic');
  const word = (index: number): number => readWord(file, bytes, 8 + index * 8, `pclntab header, word ${index}`);
  const shift = layout === '1.16' ? 2 : 3;
  const table: Pclntab = {
    layout,
    address,
    bytes,
    functionCount: word(0),
    textStart: layout === '1.16' ? 0 : word(2),
    namesAt: word(shift),
    unitsAt: word(shift + 1),
    filesAt: word(shift + 2),
    valuesAt: word(shift + 3),
    functionsAt: word(shift + 4),
  };
  checkHeader(file, table);
  return table;
}

function checkHeader(file: FileBytes, table: Pclntab): void {
  const { functionCount, namesAt, unitsAt, filesAt, valuesAt, functionsAt, bytes } = table;
  const ascending = HEADER_BYTES - 8 <= namesAt && namesAt <= unitsAt && unitsAt <= filesAt && filesAt <= valuesAt;
  const inside = valuesAt <= functionsAt && functionsAt + (functionCount * 2 + 1) * entryBytes(table.layout) <= bytes.length;
  if (functionCount === 0 || functionCount > MAX_FUNCTIONS || !ascending || !inside) {
    throw corruptElf(file.path, `pclntab: ${functionCount} functions and its tables do not fit into ${bytes.length} bytes`);
  }
}

/** Width of a field in the function table: offsets since 1.18, addresses before. */
export function entryBytes(layout: PclntabLayout): 4 | 8 {
  return layout === '1.16' ? 8 : 4;
}
