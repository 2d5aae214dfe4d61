/** Which rows changed since which tick, so that a tick carries only what the colony has not acknowledged. */

/** Rows of parallel columns; a row is new when its number is past the previous columns' end. */
export class ChangedRows {
  readonly #changedAt: number[] = [];
  #previous: readonly BigUint64Array[] = [];

  /** Compares with the columns noted before; `seq` is the tick that will carry the changes. */
  note(seq: number, columns: readonly BigUint64Array[]): void {
    const rows = columns[0]?.length ?? 0;
    while (this.#changedAt.length < rows) this.#changedAt.push(seq);
    columns.forEach((column, i) => {
      this.#noteColumn(seq, column, this.#previous[i]);
    });
    this.#previous = columns;
  }

  /** Rows that changed in a tick after `ackedSeq`, ascending. */
  since(ackedSeq: number): number[] {
    const rows: number[] = [];
    this.#changedAt.forEach((seq, row) => {
      if (seq > ackedSeq) rows.push(row);
    });
    return rows;
  }

  /** Compared as 32-bit words: 64-bit elements would each become an object. */
  #noteColumn(seq: number, column: BigUint64Array, previous: BigUint64Array | undefined): void {
    if (previous === undefined) return;
    const now = words(column);
    const before = words(previous);
    for (let i = 0; i < before.length; i++) {
      if (now[i] !== before[i]) this.#changedAt[i >> 1] = seq;
    }
  }
}

const words = (column: BigUint64Array): Uint32Array => new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
