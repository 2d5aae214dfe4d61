/** A line drawn by asciichart in box characters, or in ASCII: for terminals without braille. */

import asciichart from 'asciichart';

const BOX = ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'];
const ASCII = ['+', '|', '-', '-', '-', '`', '.', '.', "'", '|'];

/**
 * A character for each cell of `rows` x one column a value; a space where the line is not. Values are rows from the
 * bottom, 0 to rows - 1; undefined leaves a gap.
 */
export function boxLine(values: readonly (number | undefined)[], rows: number, ascii: boolean): string[][] {
  const cells = Array.from({ length: rows }, () => new Array<string>(values.length).fill(' '));
  for (const { from, run } of runsOf(values)) {
    plotRun(run, rows, ascii).forEach((line, y) => {
      for (let x = 0; x < run.length; x++) cells[y]![from + x] = line[x] ?? ' ';
    });
  }
  return cells;
}

/** asciichart knows no gaps: what lies between two is drawn by itself. */
function runsOf(values: readonly (number | undefined)[]): { from: number; run: number[] }[] {
  const runs: { from: number; run: number[] }[] = [];
  values.forEach((value, x) => {
    const last = runs.at(-1);
    if (value === undefined) return;
    if (last !== undefined && last.from + last.run.length === x) last.run.push(value);
    else runs.push({ from: x, run: [value] });
  });
  return runs;
}

/** asciichart draws steps between values, after an axis: the first value is given twice, the axis cut off. */
function plotRun(run: readonly number[], rows: number, ascii: boolean): string[] {
  const symbols = ascii ? ASCII : BOX;
  const config = { min: 0, max: rows - 1, height: rows - 1, offset: 1, symbols, format: () => ' ' };
  const drawn = asciichart.plot([[run[0] ?? 0, ...run]], config).split('\n');
  return drawn.map((line) => line.slice(1));
}
