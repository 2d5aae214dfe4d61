/** Columns as the wire has them: little-endian, which is this machine's own order (the addon is x86-64 only). */

/** The bytes of a column, without a copy. */
export function bytesOf(column: Uint32Array | BigUint64Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

/** The chosen rows of a column. */
export function pick(column: BigUint64Array, rows: readonly number[]): Buffer {
  return bytesOf(BigUint64Array.from(rows, (row) => column[row]!));
}

/** The same for 32-bit columns. */
export function pick32(column: Uint32Array, rows: readonly number[]): Buffer {
  return bytesOf(Uint32Array.from(rows, (row) => column[row]!));
}
