/**
 * What a function's calls lead to: whether it may be open several times on one stack, and whether it may be left for another
 * stack in their midst. Told by its direct calls, and those of what these call.
 */

import type { Image } from '../symbols/image.js';
import { readBody } from './body.js';
import { type Decoded, FLOW, flowOf, offsetOf } from './decode.js';

/** More functions below one are not followed: then anything may be. */
const MAX_FOLLOWED = 64;

/** Rows that a row calls directly; null: it also calls through pointers, so that nobody can tell. */
export type Callees = (row: number) => readonly number[] | null;

/** False only where it provably cannot, but by way of other libraries that call back. */
export function mayNest(row: number, calleesOf: Callees): boolean {
  const followed = new Set<number>();
  const waiting = [row];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (followed.has(next)) continue;
    followed.add(next);
    const callees = calleesOf(next);
    if (callees === null || callees.includes(row) || followed.size > MAX_FOLLOWED) return true;
    waiting.push(...callees);
  }
  return false;
}

/** True only where all that runs before it returns are functions of its image. */
export function staysInside(row: number, calleesOf: Callees): boolean {
  const followed = new Set<number>([row]);
  for (const next of followed) {
    const callees = calleesOf(next);
    if (callees === null || followed.size > MAX_FOLLOWED) return false;
    for (const callee of callees) followed.add(callee);
  }
  return true;
}

export interface DirectCallees {
  /** Rows that a row calls or jumps to by name. */
  rows: readonly number[];
  /** Whether that is all that it calls in its image. */
  complete: boolean;
  /** Whether it calls nothing else at all. */
  closed: boolean;
}

export function directCallees(image: Image, row: number): DirectCallees {
  const callees = new Set<number>();
  let complete = true;
  let leaves = false;
  for (const { code, jumps } of readBody(image, row).pieces) {
    for (const { target } of [...jumps.leaving, ...jumps.leavingIf]) callees.add(rowBehind(image, target));
    if (jumps.indirect.length > 0) leaves = true;
    for (let index = 0; index < code.count; index++) {
      if (flowOf(code, index) !== FLOW.call) continue;
      const target = callTarget(image, code, offsetOf(code, index));
      if (target === 'anywhere') complete = false;
      else if (target === 'outside') leaves = true;
      else callees.add(rowBehind(image, target));
    }
  }
  const hasStubs = callees.delete(-1); // which lead to other libraries
  return { rows: [...callees], complete, closed: complete && !leaves && !hasStubs };
}

const CALL = 0xe8;
const ADDRESS_SIZE = 0x67;

/** Where a call leads. Through a fixed place of the program (its GOT) and into the kernel: outside. */
function callTarget(image: Image, { bytes, address }: Decoded, offset: number): number | 'outside' | 'anywhere' {
  const at = bytes[offset] === ADDRESS_SIZE ? offset + 1 : offset;
  if (bytes[at] === CALL) return address + at + 5 + displacementAt(bytes, at + 1);
  const isThroughFixedPlace = bytes[at] === 0xff && bytes[at + 1] === 0x15;
  if (isThroughFixedPlace) return image.pointer(address + at + 6 + displacementAt(bytes, at + 2)) ?? 'outside';
  const isSystemCall = bytes[at] === 0x0f;
  return isSystemCall ? 'outside' : 'anywhere';
}

const STUB_BYTES = 16;
const ENDBR64 = [0xf3, 0x0f, 0x1e, 0xfa];
const BND = 0xf2;

/** The row that a call leads to, also by way of a stub ("jmp [rip + x]") as libraries call their own functions; -1: none here. */
function rowBehind(image: Image, target: number): number {
  const row = image.functions.rowAt(target);
  const stub = row < 0 ? image.read(target, STUB_BYTES) : null;
  if (stub === null) return row;
  const marked = ENDBR64.every((byte, i) => stub[i] === byte) ? ENDBR64.length : 0;
  const at = stub[marked] === BND ? marked + 1 : marked;
  if (stub[at] !== 0xff || stub[at + 1] !== 0x25 || at + 6 > stub.length) return -1;
  const pointer = image.pointer(target + at + 6 + displacementAt(stub, at + 2));
  return pointer === null ? -1 : image.functions.rowAt(pointer);
}

const displacementAt = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true);
