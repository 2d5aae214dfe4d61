/** Go types by the address of their descriptor (abi.Type): the dynamic types of interfaces, also of stripped programs. */

import type { MemoryImage } from '../elf/memory-image.js';

/** Where a program's type descriptors lie; name offsets count from `start`. */
export interface TypeSection {
  start: number;
  end: number;
}

export interface GoType {
  /** As %T prints it ("*errors.errorString"). */
  name: string;
  /** reflect.Kind. */
  kind: number;
  size: number;
  /** Of a pointer, slice or array; null below the depth that is shown. */
  element: GoType | null;
  /** Of a struct; null below the depth that is shown. */
  fields: GoField[] | null;
}

export interface GoField {
  name: string;
  offset: number;
  type: GoType | null;
}

/** What a pointer to a struct shows: its fields and the fields of theirs. */
const MAX_DEPTH = 3;
const MAX_FIELDS = 64;

/** Of abi.Type, the same since Go 1.7, and what follows it in the descriptors of pointers, slices, arrays and structs. */
const FLAGS_AT = 20;
const KIND_AT = 23;
const NAME_OFFSET_AT = 40;
const DESCRIPTOR_BYTES = 48;
const ELEMENT_AT = 48;
const FIELDS_AT = 56;
const FIELD_BYTES = 24;
const KIND_MASK = 31;
const ARRAY = 17;
const POINTER = 22;
const SLICE = 23;
const STRUCT = 25;
/** The name is stored with a star in front, to be shared with the pointer type's. */
const FLAG_EXTRA_STAR = 2;
/** A name is a byte of flags, its length as a varint, and its bytes. */
const NAME_BYTES_MAX = 256;

/** The type; null where no descriptor of this program lies at the address. */
export function typeAt(memory: MemoryImage, types: TypeSection, address: number, depth = 0): GoType | null {
  if (address < types.start || address >= types.end) return null;
  const descriptor = bytesAt(memory, address, DESCRIPTOR_BYTES);
  if (descriptor === null) return null;
  const kind = descriptor[KIND_AT]! & KIND_MASK;
  const type = { name: nameOf(memory, types, descriptor), kind, size: Number(descriptor.readBigUInt64LE(0)) };
  const inner = (at: number): GoType | null =>
    depth < MAX_DEPTH ? typeAt(memory, types, memory.pointer(at) ?? 0, depth + 1) : null;
  const hasElement = kind === POINTER || kind === SLICE || kind === ARRAY;
  return {
    ...type,
    element: hasElement ? inner(address + ELEMENT_AT) : null,
    fields: kind !== STRUCT ? [] : depth < MAX_DEPTH ? fieldsOf(memory, address, inner) : type.size === 0 ? [] : null,
  };
}

function fieldsOf(memory: MemoryImage, address: number, inner: (at: number) => GoType | null): GoField[] {
  const first = memory.pointer(address + FIELDS_AT);
  const count = bytesAt(memory, address + FIELDS_AT + 8, 8)?.readUInt32LE(0) ?? 0;
  if (first === null) return [];
  return Array.from({ length: Math.min(count, MAX_FIELDS) }, (_, i) => {
    const at = first + i * FIELD_BYTES;
    return {
      name: readName(memory, memory.pointer(at) ?? 0),
      type: inner(at + 8),
      offset: bytesAt(memory, at + 16, 8)?.readUInt32LE(0) ?? 0,
    };
  });
}

function nameOf(memory: MemoryImage, types: TypeSection, descriptor: Buffer): string {
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
