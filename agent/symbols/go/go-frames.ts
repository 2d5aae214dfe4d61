/** Frames of Go code by Go's own tables, in the form of call frame information. */

import type { FrameRule } from '../elf/frame-program.js';
import type { Image } from '../image.js';
import { rowAround } from '../row-around.js';

const RETURN_ADDRESS_BYTES = 8;

/** Null: no Go function of the image is there, or one after which another stack goes on. */
export function goFrameRule({ functions, go }: Image, address: number): FrameRule | null {
  const row = rowAround(functions, address);
  if (go === null || row < 0 || go.isForeign(row) || go.switchesStacks(row)) return null;
  const depth = go.stackDepth(row, address);
  if (depth === null) return null;
  return { base: 'rsp', offset: depth + RETURN_ADDRESS_BYTES, through: false, rbp: null, isOutermost: false };
}
