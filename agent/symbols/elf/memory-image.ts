/** The program's memory as the linker laid it out: reads by virtual address, pointers through RELATIVE relocations. */

import type { Segment } from '../image.js';
import { type Elf, segmentsOf } from './elf.js';
import { type Relocations, readRelocations } from './relocations.js';

export interface MemoryImage {
  segments: Segment[];
  /** File offset of an address; null where no segment holds file bytes for it. */
  fileOffset(address: number): number | null;
  /** Bytes at an address, at most `length`, cut at the segment's end in the file; null outside. */
  read(address: number, length: number): Buffer | null;
  /** The pointer stored at an address, as linked; null outside, and for values that are no address. */
  pointer(address: number): number | null;
  /** Addresses whose stored pointer is `target`, by the relocations (empty when the program is not relocated). */
  relocatedTo(target: number): number[];
}

/** Builds the view; relocations are read on first use. */
export function memoryImage(elf: Elf): MemoryImage {
  const segments = segmentsOf(elf);
  let known: Relocations | undefined;
  const relocations = (): Relocations | null => {
    if (elf.pie) known ??= readRelocations(elf);
    return known ?? null;
  };
  const read = (address: number, length: number): Buffer | null => {
    const segment = segmentAt(segments, address);
    if (segment === undefined) return null;
    const within = address - segment.vaddr;
    return elf.file.read(
      segment.offset + within,
      Math.min(length, segment.fileSize - within),
      `memory at 0x${address.toString(16)}`,
    );
  };
  return {
    segments,
    fileOffset: (address) => fileOffsetOf(segments, address),
    read,
    pointer: (address) => relocations()?.valueAt(address) ?? storedPointer(read(address, 8)),
    relocatedTo: (target) => relocations()?.placesOf(target) ?? [],
  };
}

/** File offset of an address by the segments; null outside. */
export function fileOffsetOf(segments: readonly Segment[], address: number): number | null {
  const segment = segmentAt(segments, address);
  return segment === undefined ? null : address - segment.vaddr + segment.offset;
}

function segmentAt(segments: readonly Segment[], address: number): Segment | undefined {
  return segments.find((segment) => address >= segment.vaddr && address < segment.vaddr + segment.fileSize);
}

/** Eight stored bytes as an address; null when they cannot be one. */
function storedPointer(bytes: Buffer | null): number | null {
  if (bytes === null || bytes.length < 8) return null;
  const value = bytes.readUInt32LE(4) * 2 ** 32 + bytes.readUInt32LE(0);
  return Number.isSafeInteger(value) ? value : null;
}
