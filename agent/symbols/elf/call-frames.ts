/**
 * Call frame information (.eh_frame): how far the stack pointer is from the return address at each instruction. Linked
 * into nearly every x86-64 program, stripped or not. Found by the sorted table in .eh_frame_hdr, which programs that are
 * linked statically may lack: then by reading all entries.
 */

import type { CodeRange } from '../image.js';
import { type Elf, sectionBytes, sectionNamed } from './elf.js';
import { type CommonPart, FrameProgram, type FrameRule, readCommonPart } from './frame-program.js';
import { lowerBound } from './relocations.js';

export interface CallFrames {
  /** Bytes between return address and stack pointer; with a frame pointer at least 8. Null: not known. */
  stackDepth(address: number): number | null;
  /** How to get to the caller from the instruction at an address. Null: not known. */
  ruleAt(address: number): FrameRule | null;
  /** The stretch of code around an address that was compiled as one; null: not known. */
  rangeAt(address: number): CodeRange | null;
}

/** "pc-relative, signed 4 bytes" and "relative to this section, signed 4 bytes": what every linker for x86-64 writes. */
const POINTER_ENCODING = 0x1b;
const TABLE_ENCODING = 0x3b;
const HEADER_BYTES = 12;

/** Reads the table's columns and the section; entries are looked at when asked for. */
export function readCallFrames(elf: Elf): CallFrames {
  const section = sectionNamed(elf, '.eh_frame');
  const frames = { address: section?.address ?? 0, bytes: section === undefined ? Buffer.alloc(0) : sectionBytes(elf, section) };
  const { starts, entries } = readTable(elf) ?? tableOf(frames);
  const commons: CommonParts = new Map();
  let latest: { at: number; entry: FrameEntry | null } | undefined;
  const find = (address: number): FrameEntry | null => {
    const after = lowerBound(starts, address);
    const at = entries[starts[after] === address ? after : after - 1];
    if (at === undefined) return null;
    if (latest?.at !== at) latest = { at, entry: readEntry(frames, at, commons) };
    const { entry } = latest;
    return entry !== null && address >= entry.start && address < entry.start + entry.size ? entry : null;
  };
  const ruleAt = (address: number): FrameRule | null => {
    const entry = find(address);
    return entry === null ? null : entry.program.ruleAt(address - entry.start);
  };
  return {
    ruleAt,
    stackDepth(address) {
      const entry = find(address);
      return entry === null ? null : entry.program.depthAt(address - entry.start);
    },
    rangeAt(address) {
      const entry = find(address);
      return entry === null ? null : { address: entry.start, size: entry.size };
    },
  };
}

interface FrameTable {
  starts: Float64Array;
  entries: Float64Array;
}

/** Null: the file has no table in the form that linkers write. */
function readTable(elf: Elf): FrameTable | null {
  const section = sectionNamed(elf, '.eh_frame_hdr');
  const bytes = section === undefined ? Buffer.alloc(0) : sectionBytes(elf, section);
  const known =
    bytes.length >= HEADER_BYTES &&
    bytes[0] === 1 &&
    bytes[1] === POINTER_ENCODING &&
    bytes[2] === 3 &&
    bytes[3] === TABLE_ENCODING;
  if (!known) return null;
  const count = Math.min(bytes.readUInt32LE(8), Math.floor((bytes.length - HEADER_BYTES) / 8));
  const column = (shift: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => (section?.address ?? 0) + bytes.readInt32LE(HEADER_BYTES + i * 8 + shift));
  return { starts: column(0), entries: column(4) };
}

/** The same from the entries themselves. */
function tableOf(frames: Frames): FrameTable {
  const found: { start: number; at: number }[] = [];
  const commons: CommonParts = new Map();
  for (let at = frames.address; ; ) {
    const record = readRecord(frames, at);
    if (record === null) break;
    const entry = record.readUInt32LE(0) === 0 ? null : readEntry(frames, at, commons);
    if (entry !== null && entry.size > 0) found.push({ start: entry.start, at });
    at += 4 + record.length;
  }
  found.sort((a, b) => a.start - b.start);
  return { starts: Float64Array.from(found, ({ start }) => start), entries: Float64Array.from(found, ({ at }) => at) };
}

/** The section's bytes and where they are linked. */
interface Frames {
  address: number;
  bytes: Buffer;
}

interface FrameEntry {
  start: number;
  size: number;
  program: FrameProgram;
}

/** What many entries have in common, read once; by address. Null: in an encoding that no compiler for x86-64 uses. */
type CommonParts = Map<number, CommonPart | null>;

/** One entry with the common part that it refers to; null where that is. */
function readEntry(frames: Frames, at: number, commons: CommonParts): FrameEntry | null {
  const entry = readRecord(frames, at);
  if (entry === null || entry.length < 12) return null;
  const common = commonAt(frames, at + 4 - entry.readUInt32LE(0), commons);
  if (common === null) return null;
  const augmentation = readUnsigned(entry, 12);
  return {
    start: at + 8 + entry.readInt32LE(4),
    size: entry.readUInt32LE(8),
    program: new FrameProgram(common, entry.subarray(augmentation.next + augmentation.value)),
  };
}

function commonAt(frames: Frames, at: number, commons: CommonParts): CommonPart | null {
  const known = commons.get(at);
  if (known !== undefined) return known;
  const common = commonPart(readRecord(frames, at));
  commons.set(at, common);
  return common;
}

/** A record's bytes behind its length; null when it does not lie in the section. */
function readRecord({ address, bytes }: Frames, at: number): Buffer | null {
  const offset = at - address;
  if (offset < 0 || offset + 4 > bytes.length) return null;
  const end = offset + 4 + bytes.readUInt32LE(offset);
  return end >= offset + 8 && end <= bytes.length ? bytes.subarray(offset + 4, end) : null;
}

/** What a common record says whose pointers are encoded as we read them. */
function commonPart(record: Buffer | null): CommonPart | null {
  if (record === null || record.length < 9 || record.readUInt32LE(0) !== 0) return null;
  const nameEnd = record.indexOf(0, 5);
  const name = record.toString('latin1', 5, nameEnd);
  if (nameEnd < 0 || !name.startsWith('z') || !name.includes('R')) return null;
  const codeAlignment = readUnsigned(record, nameEnd + 1);
  const dataAlignment = readUnsigned(record, codeAlignment.next);
  const augmentation = readUnsigned(record, readUnsigned(record, dataAlignment.next).next);
  const hasKnownEncoding = record.subarray(augmentation.next, augmentation.next + augmentation.value).includes(POINTER_ENCODING);
  if (codeAlignment.value !== 1 || !hasKnownEncoding) return null;
  return readCommonPart(
    record.subarray(augmentation.next + augmentation.value),
    signedOf(dataAlignment.value, dataAlignment.next - codeAlignment.next),
  );
}

/** What the value of so many bytes is when their highest bit is a sign. */
const signedOf = (value: number, bytes: number): number => (value >= 2 ** (7 * bytes - 1) ? value - 2 ** (7 * bytes) : value);

/** A LEB128 number and where it ends; signed ones are only skipped with it, or turned by `signedOf`. */
export function readUnsigned(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0; at < bytes.length; shift += 7) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return { value, next: at };
}
