import { type Histogram, totalCount } from './arithmetic.js';
import { midpointNs } from './buckets.js';

/** The exact extremes of what a histogram counts, where they are known. */
export interface Extremes {
  minNs?: number | undefined;
  maxNs?: number | undefined;
}

/**
 * The duration that a share `q` (0 to 1) of the calls did not exceed, by nearest rank: the midpoint of the bucket that
 * holds the rank, so within RELATIVE_ERROR, never outside the extremes; the first and last rank are the extremes
 * themselves. Undefined for an empty histogram.
 */
export function quantileNs(histogram: Histogram, q: number, extremes: Extremes = {}): number | undefined {
  return quantilesNs(histogram, [q], extremes)[0];
}

/** Several quantiles in one pass; `qs` ascending. */
export function quantilesNs(histogram: Histogram, qs: readonly number[], extremes: Extremes = {}): (number | undefined)[] {
  const total = totalCount(histogram);
  if (total === 0) return qs.map(() => undefined);
  let bucket = 0;
  let below = histogram[0]!;
  return qs.map((q) => {
    const rank = Math.min(total, Math.max(1, Math.ceil(q * total)));
    while (below < rank) below += histogram[++bucket]!;
    return atRank(rank, total, bucket, extremes);
  });
}

function atRank(rank: number, total: number, bucket: number, { minNs, maxNs }: Extremes): number {
  if (rank === total && maxNs !== undefined) return maxNs;
  if (rank === 1 && minNs !== undefined) return minNs;
  return Math.max(minNs ?? 0, Math.min(maxNs ?? Number.POSITIVE_INFINITY, midpointNs(bucket)));
}
