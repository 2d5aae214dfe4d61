import test from 'ava';
import type { Latency } from '../../snapshots/document.js';
import { lowerNs } from '../../snapshots/histogram/buckets.js';
import { glyphSet } from '../cells/glyphs.js';
import { bar } from './bar.js';
import { boxLine } from './box-lines.js';
import { heatmap } from './heatmap.js';
import { histogramRows } from './histogram.js';
import { lineChart } from './lines.js';
import { namedRows } from './named-rows.js';
import { sparkline } from './sparkline.js';

const { bar: EIGHTHS, spark: RAMP } = glyphSet('braille');

const latencyOf = (histogram: [number, number, number][]): Latency => ({ histogram }) as Latency;

test('a bar is as long as its share, and what is above zero is seen', (t) => {
  t.is(bar(0, 10, EIGHTHS), '');
  t.is(bar(1, 10, EIGHTHS), '█'.repeat(10));
  t.is(bar(0.55, 10, EIGHTHS), '█████▌');
  t.is(bar(0.0001, 10, EIGHTHS), '▏');
  t.is(bar(0.5, 10, glyphSet('ascii').bar), '#####');
});

test('a sparkline is right-aligned, scaled from zero, and a second without calls is blank', (t) => {
  t.is(sparkline([1, 2, 4, 8], 6, RAMP), '  ▁▂▄█');
  t.is(sparkline([8, undefined, 8], 3, RAMP), '█ █');
  t.is(sparkline([1, 2, 3, 4, 5], 2, RAMP), '▇█');
  t.is(sparkline([0, 0.001, 8], 3, RAMP), '▁▁█');
});

test('histogram rows keep every call, within the rows there are', (t) => {
  const buckets = Array.from({ length: 300 }, (_, i): [number, number, number] => {
    return [lowerNs(300 + i), lowerNs(301 + i), i + 1];
  });
  const total = buckets.reduce((sum, [, , count]) => sum + count, 0);
  for (const rows of [1, 2, 5, 12, 40]) {
    const drawn = histogramRows(latencyOf(buckets), rows);
    t.true(drawn.length <= rows, `${drawn.length} of ${rows}`);
    t.is(
      drawn.reduce((sum, row) => sum + row.count, 0),
      total,
    );
    for (const row of drawn) {
      const inside = buckets.filter(([lower]) => lower >= row.lowerNs && lower < row.upperNs);
      t.is(
        row.count,
        inside.reduce((sum, [, , count]) => sum + count, 0),
      );
    }
  }
  t.deepEqual(histogramRows(latencyOf([]), 5), []);
});

test('a few calls far from the rest get a row of their own at their end', (t) => {
  const bulk = Array.from({ length: 8 }, (_, i): [number, number, number] => [4_000_000 + i * 100_000, 0, 1000]);
  const rows = histogramRows(latencyOf([[35_000, 0, 3], ...bulk, [900_000_000, 0, 2]]), 12);
  t.like(rows[0], { outliers: 'below', lowerNs: 34_816, count: 3 });
  t.like(rows.at(-1), { outliers: 'above', count: 2, upperNs: Number.POSITIVE_INFINITY });
  t.true(rows.length >= 5);
});

test('a line goes from its lowest at the bottom to its highest at the top', (t) => {
  const chart = lineChart([[1, 10, 100]], 3, 3, 'ascii');
  t.is(chart?.lowest, 1);
  t.is(chart?.highest, 100);
  const rows = chart?.cells.map((row) => row.map((cell) => cell?.char ?? ' ').join(''));
  t.deepEqual(rows, ['  .', " .'", "-' "]);
  t.is(lineChart([[undefined, undefined]], 3, 3, 'braille'), undefined);
});

test('lines in box characters keep their gaps', (t) => {
  const lines = boxLine([0, 0, undefined, 2, 1], 3, false).map((row) => row.join(''));
  t.deepEqual(lines, ['   ─╮', '    ╰', '──   ']);
});

test('a heatmap puts each call into its second and its latency', (t) => {
  const map = heatmap(
    [
      { elapsedNs: 1e9, buckets: [[1000, 4]] },
      { elapsedNs: 2e9, buckets: [[8000, 2]] },
    ],
    2,
    4,
    3,
  );
  t.deepEqual(map?.levels, [
    [0, 0, 0.5, 0.5],
    [0, 0, 0, 0],
    [1, 1, 0, 0],
  ]);
});

for (const [ends, height, rows] of [
  [[8, 4, 1], 10, [8, 4, 1]],
  [[5, 5, 5], 10, [7, 6, 5]],
  [[9, 9, 9], 10, [9, 8, 7]],
  [[2, 2, 0], 3, [2, 1, 0]],
  [[1, 1, 1], 2, [1, 0, -1]],
  [[4, undefined, 4], 5, [4, undefined, 3]],
] as const) {
  test(`names of lines that end on rows ${ends.join(' ')} of ${height} stand on ${rows.join(' ')}`, (t) => {
    t.deepEqual(namedRows(ends, height), [...rows]);
  });
}
