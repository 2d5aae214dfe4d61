/** A function's whole body, decoded: its main piece and the parts that the compiler moved elsewhere. */

import type { CodeRange, Image } from '../symbols/image.js';
import { type Decoded, decodeCode, MAX_FUNCTION_BYTES } from './decode.js';
import { type JumpOut, type Jumps, readJumps } from './jumps.js';
import { goOf } from './owner.js';
import { depthBefore } from './stack-depth.js';

export interface Piece {
  code: Decoded;
  jumps: Jumps;
}

export interface Body {
  /** The first piece starts at the function's address. */
  pieces: Piece[];
  /** Why there is more of it than the pieces; empty: they are all. */
  missing: string;
  /** Tables that jumps go through, by address, once there is one. */
  tables?: Map<number, TableLead>;
}

/** Whether a table's pointers are of the function's own code or of other code. */
export type TableLead = 'inside' | 'outside' | 'unknown';

/** Compilers move a part or two; more than this comes of a damaged file. */
const MAX_PIECES = 64;

/** Decodes a row and every part that it jumps to. Jumps between the pieces become targets: `leaving` holds true exits alone. */
export function readBody(image: Image, row: number): Body {
  const pieces = [readPiece(image, { address: image.functions.address(row), size: image.functions.size(row) })];
  const missing = addParts(image, row, pieces);
  for (const piece of pieces) keepInside(piece, pieces);
  return { pieces, missing };
}

/** The jumps of a row's main piece that leave it. */
export function jumpsOutside(image: Image, row: number): readonly JumpOut[] {
  return leavingOf(readCode(image, { address: image.functions.address(row), size: image.functions.size(row) }).jumps);
}

const NONE: readonly never[] = [];

const leavingOf = ({ leaving, leavingIf }: Pick<Jumps, 'leaving' | 'leavingIf'>) =>
  leaving.length + leavingIf.length === 0 ? NONE : [...leaving, ...leavingIf];

/** Adds the parts that the pieces jump to, and those that the parts jump to; why not all of them. */
function addParts(image: Image, row: number, pieces: Piece[]): string {
  let bytes = 0;
  for (const piece of pieces) {
    for (const part of partsReachedFrom(image, row, piece, pieces)) {
      const at = `0x${part.address.toString(16)}`;
      if (pieces.some(({ code }) => overlap(code, part))) return `its part at ${at} overlaps another one`;
      bytes += part.size;
      if (pieces.length === MAX_PIECES || bytes > MAX_FUNCTION_BYTES) return `it is scattered over too many parts, up to ${at}`;
      pieces.push(readPiece(image, part));
    }
  }
  return '';
}

/** Parts that a piece jumps to and that are not among the pieces yet. */
function partsReachedFrom(image: Image, row: number, { code, jumps }: Piece, known: readonly Piece[]): readonly CodeRange[] {
  const jumpsOut = leavingOf(jumps);
  if (jumpsOut.length === 0) return NONE;
  const found = new Map<number, CodeRange>();
  for (const { index, target } of jumpsOut) {
    if (pieceAt(known, target) !== undefined) continue;
    const part = image.functions.partAt(target) ?? unnamedPart(image, row, depthBefore(image, row, code, index), target);
    if (part !== null) found.set(part.address, part);
    if (found.size > MAX_PIECES) break;
  }
  return [...found.values()];
}

const overlap = (code: Decoded, part: CodeRange): boolean =>
  part.address < code.address + code.bytes.length && code.address < part.address + part.size;

/** Without symbols a part is known by how it is reached: with the frame still on the stack, which no call leaves behind. */
function unnamedPart(image: Image, row: number, depth: number | null, target: number): CodeRange | null {
  const isFunction = image.functions.rowAt(target) >= 0;
  return depth === null || depth === 0 || isFunction || goOf(image, row) !== null ? null : image.codeRangeAt(target);
}

function readPiece(image: Image, range: CodeRange): Piece {
  const { code, jumps } = readCode(image, range);
  const { returns, leaving, leavingIf, indirect } = jumps;
  return { code, jumps: { targets: new Set(jumps.targets), returns, leaving, leavingIf, indirect } };
}

/** A stretch of code and its own jumps. */
interface ReadCode {
  code: Decoded;
  jumps: ReturnType<typeof readJumps>;
}

/** Each function is read for its own sake and for its neighbours': the latest are kept. */
const MAX_KEPT = 8;
const latest = new WeakMap<Image, Map<number, ReadCode>>();

function readCode(image: Image, { address, size }: CodeRange): ReadCode {
  const kept = latest.get(image) ?? new Map<number, ReadCode>();
  latest.set(image, kept);
  const known = kept.get(address);
  if (known && known.code.bytes.length === size) return known;
  const bytes = size <= MAX_FUNCTION_BYTES ? image.read(address, size) : null;
  const code = decodeCode(bytes ?? new Uint8Array(0), address);
  const read = { code, jumps: readJumps(code) };
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(address, read);
  return read;
}

function keepInside(piece: Piece, pieces: readonly Piece[]): void {
  const leaves = ({ target }: { target: number }): boolean => {
    const owner = pieceAt(pieces, target);
    owner?.jumps.targets.add(target - owner.code.address);
    return owner === undefined;
  };
  if (piece.jumps.leaving.length > 0) piece.jumps.leaving = piece.jumps.leaving.filter(leaves);
  if (piece.jumps.leavingIf.length > 0) piece.jumps.leavingIf = piece.jumps.leavingIf.filter(leaves);
}

/** The piece that holds an address; undefined: the address is outside of the function. */
export function pieceAt(pieces: readonly Piece[], address: number): Piece | undefined {
  return pieces.find(({ code }) => address >= code.address && address < code.address + code.bytes.length);
}

/** Every stretch of code of a row, for comparing its text: the main piece and the moved parts. */
export function bodyRanges(image: Image, row: number): CodeRange[] {
  return readBody(image, row).pieces.map(({ code }) => ({ address: code.address, size: code.bytes.length }));
}
