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
  const grown = new Float64Array(now.length);
  for (let bucket = 0; bucket < now.length; bucket++) {
    grown[bucket] = now[bucket]! - before[bucket]!;
    if (grown[bucket]! < 0) {
      throw new CoralError('INTERNAL', `histogram bucket ${bucket} went from ${before[bucket]} down to ${now[bucket]}`);
    }
  }
  return grown;
}

/** Number of calls in a histogram. */
export function totalCount(histogram: Histogram): number {
  let sum = 0;
  for (let bucket = 0; bucket < histogram.length; bucket++) sum += histogram[bucket]!;
  return sum;
}

/** Drops the empty buckets. */
export function toSparse(histogram: Histogram | BigUint64Array): SparseHistogram {
  const used: number[] = [];
  for (let bucket = 0; bucket < histogram.length; bucket++) if (Number(histogram[bucket]) !== 0) used.push(bucket);
  return { bucket: Uint32Array.from(used), count: Float64Array.from(used, (bucket) => Number(histogram[bucket])) };
}
