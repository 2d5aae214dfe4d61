/**
 * The log-linear histogram of bpf/coral.h: integers of nanoseconds below 32 have a bucket each; every octave above has
 * 32 buckets. Indexes here equal the kernel's.
 */

const SUB_BITS = 5;
const SUB_BUCKETS = 1 << SUB_BITS;
const MAX_EXPONENT = 39;

/** Number of buckets; index 0 to BUCKET_COUNT - 1. */
export const BUCKET_COUNT = (MAX_EXPONENT - SUB_BITS + 2) * SUB_BUCKETS;

/** The most that a bucket's midpoint can differ from a value in it, as a share of the value. */
export const RELATIVE_ERROR = 1 / (2 * SUB_BUCKETS);

/** The bucket of a duration in whole ns. Durations of 2^40 ns and more fall into the last one. */
export function bucketOf(durationNs: number): number {
  if (durationNs < SUB_BUCKETS) return Math.max(0, Math.floor(durationNs));
  const exponent = exponentOf(durationNs);
  if (exponent > MAX_EXPONENT) return BUCKET_COUNT - 1;
  const sub = Math.floor(durationNs / 2 ** (exponent - SUB_BITS)) - SUB_BUCKETS;
  return (exponent - SUB_BITS + 1) * SUB_BUCKETS + sub;
}

/** The least duration in a bucket, ns. lowerNs(BUCKET_COUNT) is the end of the scale. */
export function lowerNs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const octave = Math.floor(bucket / SUB_BUCKETS);
  return (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * 2 ** (octave - 1);
}

/** The first duration above a bucket, ns. */
export function upperNs(bucket: number): number {
  return lowerNs(bucket + 1);
}

/** The whole nanosecond in a bucket's middle: at most RELATIVE_ERROR from every duration in it. */
export function midpointNs(bucket: number): number {
  return Math.floor((lowerNs(bucket) + upperNs(bucket) - 1) / 2);
}

/** Floor of log2; exact, where Math.log2 may round up below a power of two. */
function exponentOf(value: number): number {
  const guess = Math.floor(Math.log2(value));
  if (2 ** guess > value) return guess - 1;
  return 2 ** (guess + 1) <= value ? guess + 1 : guess;
}
