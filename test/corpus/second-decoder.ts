/** Instruction boundaries by a decoder that is not ours: objdump's. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One byte each; longer than any instruction, so that a stretch's cut end cannot swallow the next one's start. */
const PADDING = Buffer.alloc(16, 0x90);

/** Where objdump sees instructions begin, for stretches of code that are laid out one behind the other. */
export interface Boundaries {
  /** Whether an instruction of this stretch begins at an offset and is so long. */
  has(stretch: number, offset: number, length: number): boolean;
  /** Whether there are instructions before this offset that objdump does not know: it has no say about what follows them. */
  isLostBefore(stretch: number, offset: number): boolean;
}

/** Disassembles each stretch from its first byte on. Rejects with objdump's words. */
export async function boundariesOf(stretches: readonly Uint8Array[]): Promise<Boundaries> {
  const folder = await mkdtemp(join(tmpdir(), 'coral-corpus-'));
  const path = join(folder, 'code');
  const starts: number[] = [];
  let bytes = 0;
  for (const stretch of stretches) {
    starts.push(bytes);
    bytes += stretch.length + PADDING.length;
  }
  try {
    await writeFile(
      path,
      stretches.flatMap((stretch) => [stretch, PADDING]),
    );
    const { isStart, isUnknown } = await disassemble(path, bytes);
    const has = (stretch: number, offset: number, length: number): boolean => {
      const at = (starts[stretch] as number) + offset;
      return isStart[at] === 1 && isStart[at + length] === 1 && !isStart.subarray(at + 1, at + length).includes(1);
    };
    const isLostBefore = (stretch: number, offset: number): boolean => {
      const start = starts[stretch] as number;
      return isUnknown.subarray(start, start + offset).includes(1);
    };
    return { has, isLostBefore };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What objdump prints for bytes that are no instruction it knows. */
const UNKNOWN = /\(bad\)|\.byte/;

/** Columns by byte: where an instruction begins, and where one does that is not known. */
async function disassemble(path: string, bytes: number): Promise<{ isStart: Uint8Array; isUnknown: Uint8Array }> {
  const isStart = new Uint8Array(bytes + 1);
  const isUnknown = new Uint8Array(bytes + 1);
  const args = ['-D', '-z', '-b', 'binary', '-m', 'i386:x86-64', '--no-show-raw-insn', path];
  const child = spawn('objdump', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = Number.parseInt(line, 16);
    if (line[0] !== ' ' || Number.isNaN(address)) continue;
    isStart[address] = 1;
    if (UNKNOWN.test(line)) isUnknown[address] = 1;
  }
  const status = await ended;
  if (status !== 0) throw new Error(`objdump ended with ${status}`);
  return { isStart, isUnknown };
}
