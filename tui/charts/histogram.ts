/** A latency histogram as a few rows of equally many kernel buckets, for horizontal bars. */

import type { Latency } from '../../snapshots/document.js';
import { bucketOf, lowerNs } from '../../snapshots/histogram/buckets.js';

export interface HistogramRow {
  /** Inclusive. */
  readonly lowerNs: number;
  /** Exclusive; infinite on the last row. */
  readonly upperNs: number;
  readonly count: number;
  /** The few calls far below or above the rest, gathered so that they do not squash it. */
  readonly outliers?: 'below' | 'above';
}

type Bucket = readonly [bucket: number, count: number];

/** Kernel buckets in a row, fewest first: whole ones, so that neighbouring rows compare. 32 are an octave. */
const BUCKETS_A_ROW = [2, 4, 8, 16, 32, 64, 128, 256, 1152];
/** Share of the calls at either end that may be gathered into one row. */
const OUTLIERS = 0.005;
const FEWEST_ROWS_TO_TRIM = 5;

/** Buckets gathered into at most `rows` rows, as fine as fits; empty rows in between stay. */
export function histogramRows(latency: Latency, rows: number): HistogramRow[] {
  const buckets = latency.histogram.map(([lower, , count]): Bucket => [bucketOf(Number(lower)), Number(count)]);
  if (buckets.length === 0 || rows < 1) return [];
  const groups = groupsOf(buckets, rows);
  const body = Array.from({ length: groups.last - groups.first + 1 }, (_, i) => rowOf(buckets, groups.first + i, groups.size));
  const below = gathered(buckets, 'below', ([bucket]) => Math.floor(bucket / groups.size) < groups.first);
  const above = gathered(buckets, 'above', ([bucket]) => Math.floor(bucket / groups.size) > groups.last);
  return closed([...below, ...body, ...above]);
}

/** Which groups of `size` buckets get a row each: those of all calls but the outliers, which take a row at either end. */
function groupsOf(buckets: readonly Bucket[], rows: number): { first: number; last: number; size: number } {
  const trimmed = rows < FEWEST_ROWS_TO_TRIM ? 0 : OUTLIERS * countOf(buckets);
  const lowest = bucketBeyond(buckets, trimmed);
  const highest = bucketBeyond([...buckets].reverse(), trimmed);
  const room = trimmed > 0 && rows > 2 ? rows - 2 : rows;
  const group = (bucket: number, size: number): number => Math.floor(bucket / size);
  const size = BUCKETS_A_ROW.find((each) => group(highest, each) - group(lowest, each) < room) ?? highest + 1;
  return { first: group(lowest, size), last: group(highest, size), size };
}

/** The first bucket with more than `edge` calls up to and including it. */
function bucketBeyond(buckets: readonly Bucket[], edge: number): number {
  let seen = 0;
  const found = buckets.find(([, count]) => {
    seen += count;
    return seen > edge;
  });
  return found?.[0] ?? 0;
}

const countOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, [, count]) => sum + count, 0);

function rowOf(buckets: readonly Bucket[], group: number, size: number): HistogramRow {
  const inside = buckets.filter(([bucket]) => Math.floor(bucket / size) === group);
  return { lowerNs: lowerNs(group * size), upperNs: 0, count: countOf(inside) };
}

function gathered(buckets: readonly Bucket[], outliers: 'below' | 'above', isOne: (bucket: Bucket) => boolean): HistogramRow[] {
  const inside = buckets.filter(isOne);
  return inside.length === 0 ? [] : [{ lowerNs: lowerNs(inside[0]?.[0] ?? 0), upperNs: 0, count: countOf(inside), outliers }];
}

/** Each row ends where the next begins, the last nowhere. */
const closed = (rows: readonly HistogramRow[]): HistogramRow[] =>
  rows.map((row, i) => ({ ...row, upperNs: rows[i + 1]?.lowerNs ?? Number.POSITIVE_INFINITY }));
