/** Numbers that look random and come again for the same seed. */

export interface Random {
  /** 0 to below - 1. */
  int(below: number): number;
  pick<T>(from: ArrayLike<T>): T;
}

/** The generator of one input: `seed` is the run's, `index` the input's, so that each can be had again by itself. */
export function randomOf(seed: number, index: number): Random {
  let state = (seed ^ Math.imul(index + 1, 0x9e37_79b9)) >>> 0;
  const int = (below: number): number => Math.floor(next() * below);
  function next(): number {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return { int, pick: (from) => from[int(from.length)]! };
}
