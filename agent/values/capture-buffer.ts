/** The buffer and operations of one moment while a plan is built; refuses politely what would not fit. */

import { CAPTURE_BYTES, CAPTURE_OPS, CAPTURE_READ_MAX } from '../kernel/limits.js';
import type { CaptureOp } from './plan.js';

/** Of one value that lies in memory; it takes an operation for each CAPTURE_READ_MAX. */
const SPAN_BYTES = 512;

/** An operation without its place in the buffer. */
type Unplaced<T> = T extends CaptureOp ? Omit<T, 'out'> : never;
export type NewOp = Unplaced<CaptureOp>;

/** Where a value lies in memory, without its length. */
export type SpanStart = { kind: 'memory'; base: number; offset: number } | { kind: 'stack'; offset: number };

/** A value's copied bytes, and the operations that copied them. */
export interface Span {
  at: number;
  bytes: number;
  ops: number[];
}

export interface CaptureBuffer {
  readonly ops: CaptureOp[];
  /** Reserves bytes, 8-aligned; null when the buffer is full. */
  reserve(bytes: number): number | null;
  /** Adds an operation that writes at `out`; its index, or null when there is no room for more. */
  put(op: NewOp, out: number): number | null;
  /** Whether there is room for what is good to have. */
  isHalfEmpty(): boolean;
  /** The first bytes of a value in memory: all of them, or as many as one operation copies; null when there is no room for these. */
  addSpan(start: SpanStart, bytes: number): Span | null;
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
  const copySpan = (start: SpanStart, bytes: number): Span | null => {
    const needed = Math.ceil(bytes / CAPTURE_READ_MAX);
    const at = ops.length + needed <= CAPTURE_OPS ? reserve(bytes) : null;
    if (at === null) return null;
    const indexes = Array.from({ length: needed }, (_, i) => {
      const from = i * CAPTURE_READ_MAX;
      const length = Math.min(bytes - from, CAPTURE_READ_MAX);
      return put({ ...start, offset: start.offset + from, length }, at + from) as number;
    });
    return { at, bytes, ops: indexes };
  };
  return {
    ops,
    reserve,
    put,
    addSpan: (start, bytes) => copySpan(start, Math.min(bytes, SPAN_BYTES)) ?? copySpan(start, Math.min(bytes, CAPTURE_READ_MAX)),
    isHalfEmpty: () => used <= CAPTURE_BYTES / 2 && ops.length <= CAPTURE_OPS / 2,
    add(op) {
      const at = ops.length < CAPTURE_OPS ? reserve(op.length) : null;
      const index = at === null ? null : put(op, at);
      return at === null || index === null ? null : { op: index, at };
    },
  };
}
