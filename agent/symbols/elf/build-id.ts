/** What names a build: the GNU note, else Go's, else a digest of the headers. */

import { createHash } from 'node:crypto';
import { type Elf, PROGRAM, SECTION } from './elf.js';

const NOTE_GNU_BUILD_ID = 3;
const NOTE_GO_BUILD_ID = 4;
const HEADER_BYTES = 4096;

/** The build id: hex for GNU notes and digests, Go's own text otherwise. Never empty. */
export function buildIdOf(elf: Elf): string {
  const notes = [...noteRanges(elf)].flatMap(({ offset, size }) => readNotes(elf.file.read(offset, size, 'notes')));
  const gnu = notes.find((note) => note.owner === 'GNU' && note.type === NOTE_GNU_BUILD_ID);
  if (gnu !== undefined && gnu.value.length > 0) return gnu.value.toString('hex');
  const go = notes.find((note) => note.owner === 'Go' && note.type === NOTE_GO_BUILD_ID);
  if (go !== undefined && go.value.length > 0) return go.value.toString('utf8');
  return digestOfHeaders(elf);
}

function noteRanges(elf: Elf): { offset: number; size: number }[] {
  const sections = elf.sections.filter((section) => section.type === SECTION.note);
  if (sections.length > 0) return sections;
  return elf.programs
    .filter((program) => program.type === PROGRAM.note)
    .map((program) => ({ offset: program.offset, size: program.fileSize }));
}

interface Note {
  owner: string;
  type: number;
  value: Buffer;
}

function readNotes(bytes: Buffer): Note[] {
  const notes: Note[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    const ownerBytes = bytes.readUInt32LE(at);
    const valueBytes = bytes.readUInt32LE(at + 4);
    const valueAt = at + 12 + padded(ownerBytes);
    if (valueAt + valueBytes > bytes.length) break;
    const owner = bytes.toString('latin1', at + 12, at + 12 + ownerBytes).replace(/\0.*$/s, '');
    notes.push({ owner, type: bytes.readUInt32LE(at + 8), value: bytes.subarray(valueAt, valueAt + valueBytes) });
    at = valueAt + padded(valueBytes);
  }
  return notes;
}

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

function digestOfHeaders(elf: Elf): string {
  const headers = elf.file.read(0, Math.min(HEADER_BYTES, elf.file.size), 'ELF header');
  const layout = JSON.stringify([elf.file.size, elf.programs, elf.sections]);
  return createHash('sha256').update(headers).update(layout).digest('hex').slice(0, 40);
}
