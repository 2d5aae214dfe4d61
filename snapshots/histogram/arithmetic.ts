import { CoralError } from '../../proto/errors.js';
import { BUCKET_COUNT } from './buckets.js';

/** Counts of all BUCKET_COUNT buckets. */
export type Histogram = Float64Array;

/** The non-empty buckets of a histogram, ascending. */
export interface SparseHistogram {
  bucket: Uint32Array;
  count: Float64Array;
}

/** A histogram without calls. */
export function emptyHistogram(): Histogram {
  return new Float64Array(BUCKET_COUNT);
}

/** Adds a histogram's buckets into another. */
export function addInto(target: Histogram, added: SparseHistogram): void {
  for (let i = 0; i < added.bucket.length; i++) target[added.bucket[i]!]! += added.count[i]!;
}

/** What came to `before` to make `now`. Throws INTERNAL when a bucket went down: counters only grow. */
export function difference(now: Histogram, before: Histogram): Histogram {
  return now.map((count, bucket) => {
    const grown = count - before[bucket]!;
    if (grown < 0) throw new CoralError('INTERNAL', `histogram bucket ${bucket} went from ${before[bucket]} down to ${count}`);
    return grown;
  });
}

/** Number of calls in a histogram. */
export function totalCount(histogram: Histogram): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/** Drops the empty buckets. */
export function toSparse(histogram: Histogram | BigUint64Array): SparseHistogram {
  const used: number[] = [];
  for (let bucket = 0; bucket < histogram.length; bucket++) if (Number(histogram[bucket]) !== 0) used.push(bucket);
  return { bucket: Uint32Array.from(used), count: Float64Array.from(used, (bucket) => Number(histogram[bucket])) };
}
