/** How far a mistyped name is from one that exists, for errors that say what may have been meant. */

/** Insertions, deletions, replacements and swaps of neighbours between two short words. */
export function editDistance(from: string, to: string): number {
  let [last, row] = [new Uint16Array(0), Uint16Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= from.length; i++) {
    const next = new Uint16Array(to.length + 1);
    next[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const replaced = cell(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? cell(last, j - 2) + 1 : replaced;
      next[j] = Math.min(replaced, swapped, cell(row, j) + 1, cell(next, j - 1) + 1);
    }
    [last, row] = [row, next];
  }
  return cell(row, to.length);
}

/** Outside of the table: beyond every distance. */
const cell = (row: Uint16Array, at: number): number => row[at] ?? Number.MAX_SAFE_INTEGER;
