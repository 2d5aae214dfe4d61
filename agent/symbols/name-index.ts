/** Names to rows: one map entry a name, rows of one name chained in a column. Built on first use. */

export interface NameIndex {
  /** Rows of a name, ascending. */
  find(name: string): number[];
}

/** Indexes a column of names; `rowOf` maps an index of the column to its row. */
export function nameIndex(names: readonly string[], rowOf: (index: number) => number = (index) => index): NameIndex {
  const first = new Map<string, number>();
  const next = new Int32Array(names.length).fill(-1);
  for (let index = names.length - 1; index >= 0; index--) {
    const name = names[index] as string;
    next[index] = first.get(name) ?? -1;
    first.set(name, index);
  }
  return {
    find(name) {
      const rows: number[] = [];
      for (let index = first.get(name) ?? -1; index >= 0; index = next[index] as number) rows.push(rowOf(index));
      return rows;
    },
  };
}

/** Calls `make` once, on the first use. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
