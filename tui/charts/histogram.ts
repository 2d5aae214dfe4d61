/** A latency histogram as a few rows of equal ratio, for horizontal bars. */

import type { Latency } from '../../snapshots/document.js';

export interface HistogramRow {
  /** Lower bound, inclusive; the next row's is the upper. */
  readonly lowerNs: number;
  readonly upperNs: number;
  readonly count: number;
}

/** Ratios of a row's bounds, finest first. */
const RATIOS = [2 ** 0.25, 2 ** 0.5, 2, 4, 16];

/** Buckets gathered into at most `rows` rows, in the finest ratio that fits; empty rows in between stay. */
export function histogramRows(latency: Latency, rows: number): HistogramRow[] {
  const buckets = latency.histogram.map(([lower, upper, count]) => [Number(lower), Number(upper), Number(count)] as const);
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined || rows < 1) return [];
  const lowest = Math.max(1, first[0]);
  const ratio = RATIOS.find((candidate) => rowOf(last[0], lowest, candidate) < rows) ?? (last[0] / lowest) ** (1 / rows) * 1.01;
  const counts = new Array<number>(rowOf(last[0], lowest, ratio) + 1).fill(0);
  for (const [lower, , count] of buckets) {
    const row = Math.max(0, rowOf(lower, lowest, ratio));
    counts[row] = (counts[row] ?? 0) + count;
  }
  return counts.map((count, row) => ({ lowerNs: lowest * ratio ** row, upperNs: lowest * ratio ** (row + 1), count }));
}

/** Bounds are compared with a grain of tolerance, so that a bucket's own lower bound falls into its row. */
const rowOf = (valueNs: number, lowestNs: number, ratio: number): number =>
  Math.max(0, Math.floor(Math.log(Math.max(1, valueNs) / lowestNs) / Math.log(ratio) + 1e-9));
