/** The buffer and operations of one moment while a plan is built; refuses politely what would not fit. */

import type { CaptureOp } from './plan.js';

/** Limits of bpf/capture.h. */
export const CAPTURE_OPS = 64;
export const CAPTURE_BYTES = 2048;
export const CAPTURE_READ_MAX = 128;

/** An operation without its place in the buffer. */
type Unplaced<T> = T extends CaptureOp ? Omit<T, 'out'> : never;
export type NewOp = Unplaced<CaptureOp>;

export interface CaptureBuffer {
  readonly ops: CaptureOp[];
  /** Reserves bytes, 8-aligned; null when the buffer is full. */
  reserve(bytes: number): number | null;
  /** Adds an operation that writes at `out`; its index, or null when there is no room for more. */
  put(op: NewOp, out: number): number | null;
  /** Reserves and adds at once. */
  add(op: NewOp): { op: number; at: number } | null;
}

export function createCaptureBuffer(): CaptureBuffer {
  const ops: CaptureOp[] = [];
  let used = 0;
  const reserve = (bytes: number): number | null => {
    const room = Math.ceil(Math.max(bytes, 8) / 8) * 8;
    if (used + room > CAPTURE_BYTES) return null;
    used += room;
    return used - room;
  };
  const put = (op: NewOp, out: number): number | null =>
    ops.length < CAPTURE_OPS && op.length <= CAPTURE_READ_MAX ? ops.push({ ...op, out } as CaptureOp) - 1 : null;
  return {
    ops,
    reserve,
    put,
    add(op) {
      const at = ops.length < CAPTURE_OPS ? reserve(op.length) : null;
      const index = at === null ? null : put(op, at);
      return at === null || index === null ? null : { op: index, at };
    },
  };
}
