/** Where the names of lines stand at their ends: a row each, in the lines' order, within the chart. */

/**
 * Rows from the top of a chart, for lines from the lowest to the highest. Where two end on one row the lower one's name
 * goes below, at the bottom the higher ones go up; a name that finds no row gets a negative one.
 */
export function namedRows(ends: readonly (number | undefined)[], height: number): (number | undefined)[] {
  const rows = [...ends];
  const named = ends.flatMap((row, i) => (row === undefined ? [] : [i]));
  let above = -1;
  for (const i of named.toReversed()) {
    above = Math.max(rows[i] as number, above + 1);
    rows[i] = above;
  }
  let below = height;
  for (const i of named) {
    below = Math.min(rows[i] as number, below - 1);
    rows[i] = below;
  }
  return rows;
}
