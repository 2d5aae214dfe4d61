/** Whether a process's code is byte for byte what its file says. */

import type { CodeRange, Image } from '../symbols/image.js';

/** Reads another process's memory; null where a page cannot be read (the kernel addon's readMemory). */
export type ReadMemory = (pid: number, address: bigint, length: number) => Buffer | null;

export interface TextComparison {
  ok: boolean;
  comparedBytes: number;
  /** Bytes that could not be read in the process. */
  unreadableBytes: number;
  /** The first difference, by linked address. */
  difference: { address: number; expected: number; found: number } | null;
  /** One sentence: what was compared, or where the first difference is. */
  detail: string;
}

/** Read at one time. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Compares ranges (linked addresses) in a process with the file. `bias` is what loading added to them; `ownBytes` are
 * linked addresses where our own breakpoints stand.
 */
export function verifyText(
  target: { pid: number; bias: number; image: Image },
  ranges: readonly CodeRange[],
  readMemory: ReadMemory,
  ownBytes: ReadonlySet<number> = new Set(),
): TextComparison {
  const result: TextComparison = { ok: true, comparedBytes: 0, unreadableBytes: 0, difference: null, detail: '' };
  for (const chunk of ranges.flatMap((range) => [...chunksOf(range)])) {
    compareChunk(target, chunk, readMemory, ownBytes, result);
    if (result.difference !== null) break;
  }
  result.ok = result.difference === null && result.unreadableBytes === 0;
  result.detail = describe(result, target.image.path);
  return result;
}

/** The image's executable segments, for a comparison of everything. */
export function executableRanges(image: Image): CodeRange[] {
  return image.segments.filter(({ executable }) => executable).map(({ vaddr, fileSize }) => ({ address: vaddr, size: fileSize }));
}

function* chunksOf({ address, size }: CodeRange): Iterable<CodeRange> {
  for (let at = 0; at < size; at += CHUNK_BYTES) yield { address: address + at, size: Math.min(CHUNK_BYTES, size - at) };
}

function compareChunk(
  { pid, bias, image }: { pid: number; bias: number; image: Image },
  { address, size }: CodeRange,
  readMemory: ReadMemory,
  ownBytes: ReadonlySet<number>,
  result: TextComparison,
): void {
  const inFile = image.read(address, size);
  const inMemory = readMemory(pid, BigInt(address + bias), size);
  if (inFile === null || inMemory === null || inMemory.length < size) {
    result.unreadableBytes += size;
    return;
  }
  result.comparedBytes += size;
  if (inMemory.equals(inFile)) return;
  const at = inMemory.findIndex((byte, i) => byte !== inFile[i] && !ownBytes.has(address + i));
  if (at >= 0) result.difference = { address: address + at, expected: inFile[at] as number, found: inMemory[at] as number };
}

function describe({ comparedBytes, unreadableBytes, difference }: TextComparison, path: string): string {
  if (difference !== null) {
    const [address, found, expected] = [difference.address, difference.found, difference.expected].map((value) =>
      value.toString(16),
    );
    return `memory at 0x${address} holds 0x${found}, ${path} says 0x${expected}`;
  }
  if (unreadableBytes > 0) return `${unreadableBytes} bytes of ${path} could not be read in the process`;
  return `${comparedBytes} bytes of text equal ${path}`;
}
