/** Names of Go types by the address of their descriptor (abi.Type), for the dynamic types of interfaces. */

import type { MemoryImage } from '../elf/memory-image.js';

/** Where a program's type descriptors lie; name offsets count from `start`. */
export interface TypeSection {
  start: number;
  end: number;
}

/** Of abi.Type, the same since Go 1.7: flags at 20, the offset of the name at 40. */
const FLAGS_AT = 20;
const NAME_OFFSET_AT = 40;
const DESCRIPTOR_BYTES = 48;
/** The name is stored with a star in front, to be shared with the pointer type's. */
const FLAG_EXTRA_STAR = 2;
/** A name is a byte of flags, its length as a varint, and its bytes. */
const NAME_BYTES_MAX = 256;

/** The name as %T prints it ("*errors.errorString"); empty where no descriptor of this program lies at the address. */
export function typeNameAt(memory: MemoryImage, types: TypeSection, address: number): string {
  if (address < types.start || address >= types.end) return '';
  const descriptor = bytesAt(memory, address, DESCRIPTOR_BYTES);
  if (descriptor === null) return '';
  const at = types.start + descriptor.readUInt32LE(NAME_OFFSET_AT);
  const name = at < types.end ? readName(memory, at) : '';
  return (descriptor[FLAGS_AT]! & FLAG_EXTRA_STAR) !== 0 ? name.replace(/^\*/, '') : name;
}

function readName(memory: MemoryImage, address: number): string {
  const head = bytesAt(memory, address, 3);
  if (head === null) return '';
  const [, low = 0, high = 0] = head;
  const isLong = low >= 0x80;
  const length = isLong ? (low & 0x7f) | ((high & 0x7f) << 7) : low;
  const bytes = memory.read(address + (isLong ? 3 : 2), Math.min(length, NAME_BYTES_MAX));
  return bytes === null ? '' : bytes.toString('utf8');
}

function bytesAt(memory: MemoryImage, address: number, length: number): Buffer | null {
  const bytes = memory.read(address, length);
  return bytes === null || bytes.length < length ? null : bytes;
}
