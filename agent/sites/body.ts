/** A function's whole body, decoded: its main piece and the parts that the compiler moved elsewhere. */

import type { CodeRange, Image } from '../symbols/image.js';
import { type Decoded, decodeCode, MAX_FUNCTION_BYTES } from './decode.js';
import { type Jumps, readJumps } from './jumps.js';

export interface Piece {
  code: Decoded;
  jumps: Jumps;
}

export interface Body {
  /** The first piece starts at the function's address. */
  pieces: Piece[];
}

/** Decodes a row. Jumps between its own pieces become targets, so that `leaving` holds true exits alone. */
export function readBody(image: Image, row: number): Body {
  const main = { address: image.functions.address(row), size: image.functions.size(row) };
  const pieces = [main, ...image.functions.parts(row)].map((range) => readPiece(image, range));
  for (const piece of pieces) keepInside(piece, pieces);
  return { pieces };
}

function readPiece(image: Image, { address, size }: CodeRange): Piece {
  const bytes = size <= MAX_FUNCTION_BYTES ? image.read(address, size) : null;
  const code = decodeCode(bytes ?? new Uint8Array(0), address);
  return { code, jumps: readJumps(code) };
}

function keepInside(piece: Piece, pieces: readonly Piece[]): void {
  const leaves = ({ target }: { target: number }): boolean => {
    const owner = pieceAt(pieces, target);
    owner?.jumps.targets.add(target - owner.code.address);
    return owner === undefined;
  };
  piece.jumps.leaving = piece.jumps.leaving.filter(leaves);
  piece.jumps.leavingIf = piece.jumps.leavingIf.filter(leaves);
}

/** The piece that holds an address; undefined: the address is outside of the function. */
export function pieceAt(pieces: readonly Piece[], address: number): Piece | undefined {
  return pieces.find(({ code }) => address >= code.address && address < code.address + code.bytes.length);
}
