/** Latency over time as cells: x is a second, y a latency band on a logarithmic scale, the level how many calls. */

import type { HeatColumn } from '../state/trends.js';

export interface Heatmap {
  /** [row from the top][column]: 0 none, 1 the fullest cell. */
  readonly levels: readonly (readonly number[])[];
  readonly lowestNs: number;
  readonly highestNs: number;
}

/** The newest of `seconds` columns at the right edge, stretched over the width; undefined when no call ended in them. */
export function heatmap(columns: readonly HeatColumn[], seconds: number, width: number, height: number): Heatmap | undefined {
  const shown = columns.slice(-seconds);
  const lowers = shown.flatMap((column) => column.buckets.map(([lower]) => Math.max(1, lower)));
  if (lowers.length === 0 || height < 1) return undefined;
  const lowestNs = lowEnd(shown);
  const highestNs = Math.max(
    lowestNs * 2,
    lowers.reduce((a, b) => Math.max(a, b)),
  );
  const counts = Array.from({ length: height }, () => new Array<number>(seconds).fill(0));
  shown.forEach((column, i) => {
    for (const [lower, count] of column.buckets)
      add(counts, rowOf(lower, lowestNs, highestNs, height), seconds - shown.length + i, count);
  });
  const fullest = Math.max(...counts.flat());
  const stretched = (row: readonly number[]): number[] =>
    Array.from({ length: width }, (_, x) => (row[Math.floor((x * seconds) / width)] ?? 0) / fullest);
  return { levels: counts.map(stretched), lowestNs, highestNs };
}

/** The lowest latency but for a half percent of the calls: these few are shown in the lowest row. */
function lowEnd(columns: readonly HeatColumn[]): number {
  const buckets = columns.flatMap((column) => column.buckets).sort(([a], [b]) => a - b);
  const few = 0.005 * buckets.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  const found = buckets.find(([, count]) => {
    seen += count;
    return seen > few;
  });
  return Math.max(1, found?.[0] ?? 1);
}

function rowOf(lower: number, lowestNs: number, highestNs: number, height: number): number {
  const share = Math.log(Math.max(1, lower) / lowestNs) / Math.log(highestNs / lowestNs);
  return height - 1 - Math.max(0, Math.min(height - 1, Math.floor(share * height)));
}

function add(counts: number[][], row: number, column: number, count: number): void {
  const line = counts[row];
  if (line !== undefined) line[column] = (line[column] ?? 0) + count;
}
