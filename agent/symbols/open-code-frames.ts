/** Opens a file for its call frames alone: whoever walks stacks has no use for its functions. */

import { readCallFrames } from './elf/call-frames.js';
import { readElf } from './elf/elf.js';
import { openFileBytes } from './elf/file-bytes.js';
import type { FrameRule } from './elf/frame-program.js';
import { memoryImage } from './elf/memory-image.js';
import type { Segment } from './image.js';
import { once } from './name-index.js';

export interface CodeFrames {
  segments: Segment[];
  /** How to get to the caller from the instruction at a linked address; null: the file does not say. */
  frameRule(address: number): FrameRule | null;
  /** Bytes of the file at an address; null outside. */
  read(address: number, length: number): Uint8Array | null;
}

/** Errors as openImage's. */
export function openCodeFrames(path: string): CodeFrames {
  const elf = readElf(openFileBytes(path));
  const { segments, read } = memoryImage(elf);
  const frames = once(() => readCallFrames(elf));
  return { segments, read, frameRule: (address) => frames().ruleAt(address) };
}
