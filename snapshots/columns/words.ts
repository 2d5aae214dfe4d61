/**
 * Packed little-endian words of the wire. Unpacking copies, because a protobuf field starts at any address and typed
 * arrays need aligned ones.
 */

import { endianness } from 'node:os';
import { CoralError } from '../../proto/errors.js';

const NATIVE = endianness() === 'LE';

/** u32 words as bytes. */
export function packU32(words: ArrayLike<number>): Buffer {
  return bytesOf(words instanceof Uint32Array ? words : Uint32Array.from(words));
}

/** u64 words as bytes; numbers must be whole and not negative. */
export function packU64(words: ArrayLike<number | bigint>): Buffer {
  return bytesOf(words instanceof BigUint64Array ? words : BigUint64Array.from(Array.from(words, BigInt)));
}

/** `rows` u32 words. No bytes at all is a column that was not sent: zeros. */
export function unpackU32(bytes: Uint8Array, rows: number, column: string): Uint32Array {
  if (bytes.length === 0) return new Uint32Array(rows);
  return new Uint32Array(alignedCopy(bytes, rows * 4, 4, column));
}

/** `rows` u64 words. No bytes at all is a column that was not sent: zeros. */
export function unpackU64(bytes: Uint8Array, rows: number, column: string): BigUint64Array {
  if (bytes.length === 0) return new BigUint64Array(rows);
  return new BigUint64Array(alignedCopy(bytes, rows * 8, 8, column));
}

/** `rows` u64 words as numbers, each exact; throws INTERNAL above 2^53. */
export function unpackCounts(bytes: Uint8Array, rows: number, column: string): Float64Array {
  return Float64Array.from(unpackU64(bytes, rows, column), (word) => {
    if (word > Number.MAX_SAFE_INTEGER) throw new CoralError('INTERNAL', `column ${column} holds ${word}, above 2^53`);
    return Number(word);
  });
}

/** Number of rows of a tick's columns, from the column that numbers them. */
export function rowsIn(bytes: Uint8Array, column: string): number {
  if (bytes.length % 4 !== 0) throw new CoralError('INTERNAL', `column ${column} has ${bytes.length} bytes, no multiple of 4`);
  return bytes.length / 4;
}

function bytesOf(words: Uint32Array | BigUint64Array): Buffer {
  const bytes = Buffer.from(words.buffer.slice(words.byteOffset, words.byteOffset + words.byteLength) as ArrayBuffer);
  return NATIVE ? bytes : swap(bytes, words.BYTES_PER_ELEMENT);
}

function alignedCopy(bytes: Uint8Array, expected: number, wordBytes: number, column: string): ArrayBuffer {
  if (bytes.length !== expected) {
    throw new CoralError('INTERNAL', `column ${column} has ${bytes.length} bytes where its rows need ${expected}`);
  }
  const copy = new Uint8Array(bytes);
  if (!NATIVE) swap(Buffer.from(copy.buffer), wordBytes);
  return copy.buffer;
}

const swap = (bytes: Buffer, wordBytes: number): Buffer => (wordBytes === 4 ? bytes.swap32() : bytes.swap64());
