/** The Go version that built a program, from .go.buildinfo (inline form since 1.18, pointers before). */

import { type Elf, sectionBytes, sectionNamed } from '../elf/elf.js';
import type { MemoryImage } from '../elf/memory-image.js';

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const FLAG_INLINE = 2;
const HEADER_BYTES = 32;
/** Longer than any version string; a bogus length is not read. */
const MAX_VERSION_BYTES = 256;

/** "go1.26.8", or empty when the program carries no build info. */
export function goVersionOf(elf: Elf, memory: MemoryImage): string {
  const section = sectionNamed(elf, '.go.buildinfo');
  if (section === undefined) return '';
  const bytes = sectionBytes(elf, section);
  const at = bytes.indexOf(MAGIC);
  if (at < 0 || at + HEADER_BYTES > bytes.length) return '';
  const isInline = ((bytes[at + 15] as number) & FLAG_INLINE) !== 0;
  return isInline ? inlineVersion(bytes, at + HEADER_BYTES) : pointedVersion(memory, section.address + at + 16);
}

/** Length as one varint byte (versions are short), then the text. */
function inlineVersion(bytes: Buffer, at: number): string {
  const length = bytes[at] ?? 0;
  return length < 0x80 ? bytes.toString('utf8', at + 1, at + 1 + length).split(' ')[0]! : '';
}

function pointedVersion(memory: MemoryImage, address: number): string {
  const header = memory.pointer(address);
  const text = header === null ? null : memory.pointer(header);
  const length = header === null ? null : memory.pointer(header + 8);
  if (text === null || length === null || length > MAX_VERSION_BYTES) return '';
  return memory.read(text, length)?.toString('utf8').split(' ')[0] ?? '';
}
