/** The program's memory as the linker laid it out: reads by virtual address, pointers through RELATIVE relocations. */

import type { Segment } from '../image.js';
import { type Elf, segmentsOf } from './elf.js';
import { type Relocations, readRelocations } from './relocations.js';

export interface MemoryImage {
  segments: Segment[];
  /** File offset of an address; null where no segment holds file bytes for it. */
  fileOffset(address: number): number | null;
  /** Bytes at an address, at most `length`, cut at the segment's end in the file; null outside. Not to be written to. */
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
  const read = windowedReader(elf, segments);
  return {
    segments,
    fileOffset: (address) => fileOffsetOf(segments, address),
    read,
    pointer: (address) => relocations()?.valueAt(address) ?? storedPointer(read(address, 8)),
    relocatedTo: (target) => relocations()?.placesOf(target) ?? [],
  };
}

/** Functions are read one after the other: a stretch of the file is kept, so that few of them cost a system call. */
const CODE_WINDOW_BYTES = 256 * 1024;
/** Tables and pointers lie here and there. */
const DATA_WINDOW_BYTES = 16 * 1024;
/** Longer reads go past the window. */
const MAX_WINDOWED_BYTES = 16 * 1024;

interface Window {
  start: number;
  bytes: Buffer;
}

/** Functions, the parts of them that the compiler has moved elsewhere, and their jump tables are read in turn. */
const WINDOWS = 4;

function windowedReader(elf: Elf, segments: readonly Segment[]): MemoryImage['read'] {
  /** The latest used one first. */
  const windows: Window[] = [];
  return (address, length) => {
    const segment = segmentAt(segments, address);
    if (segment === undefined) return null;
    const left = segment.vaddr + segment.fileSize - address;
    const wanted = Math.min(length, left);
    const load = (size: number): Buffer =>
      elf.file.read(address - segment.vaddr + segment.offset, size, `memory at 0x${address.toString(16)}`);
    if (wanted > MAX_WINDOWED_BYTES) return load(wanted);
    const known = windows.findIndex(({ start, bytes }) => address >= start && address + wanted <= start + bytes.length);
    const size = Math.min(segment.executable ? CODE_WINDOW_BYTES : DATA_WINDOW_BYTES, left);
    const window = known < 0 ? { start: address, bytes: load(size) } : windows[known]!;
    if (known !== 0) {
      windows.splice(known < 0 ? WINDOWS - 1 : known, 1);
      windows.unshift(window);
    }
    return window.bytes.subarray(address - window.start, address - window.start + wanted);
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
