/** A process's executable memory against the files that it was mapped from. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

interface Mapping {
  start: number;
  length: number;
  offset: number;
  path: string;
}

/** Addresses (at most ten) at which executable, file-backed memory differs from its file; empty: byte for byte equal. */
export function changedText(pid: number): string[] {
  return executableMappings(pid)
    .flatMap((mapping) => differences(pid, mapping))
    .slice(0, 10);
}

/** Whether the kernel keeps its single-step page in the process: a probe was or is there. */
export function hasUprobePage(pid: number): boolean {
  return readFileSync(`/proc/${pid}/maps`, 'utf8').includes('[uprobes]');
}

/** Those of files; what a program has written into a file of memory ("/memfd:…") is compared with nothing. */
function executableMappings(pid: number): Mapping[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) r-x. ([0-9a-f]+) \S+ \d+\s+(\/(?!memfd:).*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, start = '', end = '', offset = '', path = '']) => ({
      start: Number.parseInt(start, 16),
      length: Number.parseInt(end, 16) - Number.parseInt(start, 16),
      offset: Number.parseInt(offset, 16),
      path,
    }));
}

function differences(pid: number, { start, length, offset, path }: Mapping): string[] {
  const memory = readAt(`/proc/${pid}/mem`, start, length);
  const file = readAt(path, offset, length);
  const compared = Math.min(memory.length, file.length);
  if (memory.subarray(0, compared).equals(file.subarray(0, compared))) return [];
  const found: string[] = [];
  for (let at = 0; at < compared && found.length < 10; at++) {
    if (memory[at] !== file[at]) found.push(`${path}+0x${(offset + at).toString(16)}: ${file[at]} became ${memory[at]}`);
  }
  return found;
}

function readAt(path: string, position: number, length: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  } finally {
    closeSync(descriptor);
  }
}
