/** Writes struct coral_capture of bpf/capture.h: what the kernel copies at a slot's calls and which of them it wants. */

import type { Predicate } from '../values/compile-filter.js';
import type { CaptureOp } from '../values/plan.js';
import type { SlotCapture } from './kernel.js';
import {
  CAPTURE_BYTES,
  CAPTURE_OPS,
  CAPTURE_OPS_ROOM,
  CAPTURE_READ_MAX,
  COMPARE_EQ,
  COMPARE_GE,
  COMPARE_GT,
  COMPARE_LE,
  COMPARE_LT,
  COMPARE_NE,
  OP_COUNTED,
  OP_CSTRING,
  OP_DISTANCE,
  OP_KEPT,
  OP_MEMORY,
  OP_REGISTER,
  OP_STACK,
  PREDICATE_BYTES,
  PREDICATE_BYTES_EQUAL,
  PREDICATE_DURATION,
  PREDICATE_SIGNED,
  PREDICATE_UNSIGNED,
  PREDICATES,
} from './limits.js';

const OP_KINDS = {
  register: OP_REGISTER,
  stack: OP_STACK,
  memory: OP_MEMORY,
  counted: OP_COUNTED,
  cstring: OP_CSTRING,
  kept: OP_KEPT,
  distance: OP_DISTANCE,
};
const COMPARISONS = { '==': COMPARE_EQ, '!=': COMPARE_NE, '<': COMPARE_LT, '<=': COMPARE_LE, '>': COMPARE_GT, '>=': COMPARE_GE };
const PREDICATE_KINDS = {
  unsigned: PREDICATE_UNSIGNED,
  signed: PREDICATE_SIGNED,
  bytes: PREDICATE_BYTES_EQUAL,
  duration: PREDICATE_DURATION,
};

/** Offsets and sizes of the struct; the addon checks the sum. */
const CLAUSES_AT = 12;
const OPS_AT = 24;
const OP_SIZE = 16;
const PREDICATES_AT = OPS_AT + 2 * CAPTURE_OPS_ROOM * OP_SIZE;
const PREDICATE_SIZE = 104;
const BYTES_AT = 40;
const SIZE = PREDICATES_AT + PREDICATES * PREDICATE_SIZE;

/** The struct's bytes. Throws RangeError for what it has no room for. */
export function encodeCapture(capture: SlotCapture, version: number): Buffer {
  check(capture);
  const bytes = Buffer.alloc(SIZE);
  bytes.writeUInt32LE(version, 0);
  bytes.writeUInt16LE(bytesOf(capture.entry), 4);
  bytes.writeUInt16LE(bytesOf(capture.return), 6);
  bytes.set([capture.entry.length, capture.return.length, capture.predicates.length, capture.clauses.length], 8);
  bytes.set(capture.clauses, CLAUSES_AT);
  capture.entry.forEach((op, i) => {
    writeOp(op, bytes.subarray(OPS_AT + i * OP_SIZE));
  });
  capture.return.forEach((op, i) => {
    writeOp(op, bytes.subarray(OPS_AT + (CAPTURE_OPS_ROOM + i) * OP_SIZE));
  });
  capture.predicates.forEach((predicate, i) => {
    writePredicate(predicate, bytes.subarray(PREDICATES_AT + i * PREDICATE_SIZE));
  });
  return bytes;
}

/** Bytes of the buffer that operations use, a multiple of 8. */
export function bytesOf(ops: readonly CaptureOp[]): number {
  return Math.ceil(Math.max(0, ...ops.map((op) => op.out + op.length)) / 8) * 8;
}

function writeOp(op: CaptureOp, to: Buffer): void {
  to[0] = OP_KINDS[op.kind];
  if (op.kind === 'register') to[1] = op.reg;
  to.writeUInt16LE(op.out, 2);
  to.writeUInt16LE(op.length, 4);
  if ('base' in op) to.writeUInt16LE(op.base, 6);
  if ('count' in op) {
    to.writeUInt16LE(op.count, 8);
    to.writeUInt16LE(op.unit, 10);
  }
  if ('offset' in op) to.writeInt32LE(op.offset, 12);
}

function writePredicate(predicate: Predicate, to: Buffer): void {
  to.set([PREDICATE_KINDS[predicate.kind], COMPARISONS[predicate.compare], predicate.size, Number(predicate.atReturn)]);
  to.writeUInt16LE(predicate.position, 4);
  to.writeUInt16LE(predicate.lengthPosition, 6);
  to.writeBigUInt64LE(maskOf(predicate.needs), 8);
  to.writeBigUInt64LE(maskOf(predicate.needsBytes), 16);
  to.writeBigUInt64LE(BigInt.asUintN(64, predicate.value), 24);
  to.writeBigUInt64LE(predicate.length ?? BigInt(predicate.bytes.length), 32);
  predicate.bytes.copy(to, BYTES_AT);
  to.fill(0xff, BYTES_AT + PREDICATE_BYTES, BYTES_AT + PREDICATE_BYTES + predicate.bytes.length);
}

const maskOf = (ops: readonly number[]): bigint => ops.reduce((mask, op) => mask | (1n << BigInt(op)), 0n);

function check({ entry, return: results, predicates, clauses }: SlotCapture): void {
  for (const ops of [entry, results]) {
    if (ops.length > CAPTURE_OPS) throw new RangeError(`${ops.length} operations; a moment has at most ${CAPTURE_OPS}`);
    if (bytesOf(ops) > CAPTURE_BYTES) throw new RangeError(`${bytesOf(ops)} bytes; a moment copies at most ${CAPTURE_BYTES}`);
    const long = ops.find((op) => op.length > CAPTURE_READ_MAX);
    if (long) throw new RangeError(`an operation of ${long.length} bytes; at most ${CAPTURE_READ_MAX}`);
  }
  const most = Math.max(predicates.length, clauses.length);
  if (most > PREDICATES) throw new RangeError(`${most} comparisons or alternatives; at most ${PREDICATES}`);
  const text = predicates.find(({ bytes }) => bytes.length > PREDICATE_BYTES);
  if (text) throw new RangeError(`a text of ${text.bytes.length} bytes; at most ${PREDICATE_BYTES}`);
}
