/** Where threads stand on their stacks: what lies below the stack pointer of a waiting thread is no open call any more. */

import { readFileSync } from 'node:fs';

/** Where glibc's heaps of threads begin; stacks cut out of such a heap are not told apart by their mappings. */
const HEAP_ALIGN_BYTES = 64n << 20n;

interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** The user stack pointer of a thread that waits in the kernel; null: it runs, is gone, or may not be asked. */
export function stackPointer(pid: number, thread: number): bigint | null {
  const fields = readText(`/proc/${pid}/task/${thread}/syscall`).trim().split(' ');
  const pointer = fields.at(-2);
  return fields.length >= 3 && pointer !== undefined ? BigInt(pointer) : null;
}

/** Tells whether two addresses surely lie on one stack, by the memory map as it is now. */
export function sameStack(pid: number): (a: bigint, b: bigint) => boolean {
  const ranges = stackRanges(readText(`/proc/${pid}/maps`));
  return (a, b) => ranges.some(({ start, end }) => [a, b].every((each) => each >= start && each < end));
}

/**
 * Mappings that hold one stack and nothing else, from the text of /proc/PID/maps: the main thread's, and what lies right
 * above a guard page. Stacks of coroutines in a heap or in static memory are none of these.
 */
export function stackRanges(maps: string): Range[] {
  const ranges: Range[] = [];
  let guardEnd = -1n;
  for (const line of maps.split('\n')) {
    const found = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)\s*(.*)$/.exec(line);
    if (found === null) continue;
    const [, from, to, access, inode, name] = found;
    const range = { start: BigInt(`0x${from}`), end: BigInt(`0x${to}`) };
    const isAboveGuard = range.start === guardEnd && inode === '0' && range.start % HEAP_ALIGN_BYTES !== 0n;
    if (access === 'rw-p' && (name === '[stack]' || (isAboveGuard && name !== '[heap]'))) ranges.push(range);
    guardEnd = access === '---p' && inode === '0' ? range.end : -1n;
  }
  return ranges;
}

/** Empty: gone, or not ours to read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
