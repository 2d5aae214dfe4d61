import { readFileSync } from 'node:fs';
import test from 'ava';
import { addInto, difference, emptyHistogram, toSparse, totalCount } from './arithmetic.js';
import { BUCKET_COUNT, bucketOf, lowerNs, midpointNs, RELATIVE_ERROR, upperNs } from './buckets.js';
import { packHistograms, unpackHistograms } from './packing.js';
import { quantileNs, quantilesNs } from './quantile.js';

const header = readFileSync(new URL('../../../bpf/coral.h', import.meta.url), 'utf8');

test('The kernel has as many buckets', (t) => {
  t.is(BUCKET_COUNT, Number(/CORAL_HIST_BUCKETS (\d+)/.exec(header)?.[1]));
});

test('Buckets adjoin, and hold their bounds', (t) => {
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    t.is(bucketOf(lowerNs(bucket)), bucket);
    t.is(bucketOf(upperNs(bucket) - 1), bucket);
  }
  t.is(lowerNs(BUCKET_COUNT), 2 ** 40);
});

test('Durations beyond the scale are in the last bucket', (t) => {
  t.is(bucketOf(2 ** 40), BUCKET_COUNT - 1);
  t.is(bucketOf(Number.MAX_SAFE_INTEGER), BUCKET_COUNT - 1);
});

test('No duration is further from its bucket’s midpoint than the stated error', (t) => {
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    const furthest = Math.max(midpointNs(bucket) - lowerNs(bucket), upperNs(bucket) - 1 - midpointNs(bucket));
    t.true(furthest <= RELATIVE_ERROR * lowerNs(bucket));
  }
});

test('Quantiles of a heavy-tailed load are within the stated error of the sorted truth', (t) => {
  const truth = Array.from({ length: 20_000 }, (_, i) => Math.floor(50_000 * (1 - i / 20_000) ** -1.2));
  const histogram = emptyHistogram();
  for (const durationNs of truth) histogram[bucketOf(durationNs)]! += 1;
  for (const q of [0.01, 0.5, 0.9, 0.95, 0.99, 0.999]) {
    const exact = truth[Math.ceil(q * truth.length) - 1]!;
    t.true(Math.abs(quantileNs(histogram, q)! - exact) <= exact * RELATIVE_ERROR, `P${q * 100}`);
  }
  t.is(quantileNs(histogram, 1, { maxNs: truth.at(-1) }), truth.at(-1));
});

test('Quantiles stay between the exact extremes', (t) => {
  const histogram = emptyHistogram();
  histogram[bucketOf(1_000_003)] = 1;
  t.deepEqual(quantilesNs(histogram, [0, 0.5, 1], { minNs: 1_000_003, maxNs: 1_000_003 }), [1_000_003, 1_000_003, 1_000_003]);
  t.is(quantileNs(emptyHistogram(), 0.5), undefined);
});

test('A difference holds what came since', (t) => {
  const before = emptyHistogram();
  before[7] = 3;
  const now = Float64Array.from(before);
  addInto(now, { bucket: Uint32Array.of(7, 900), count: Float64Array.of(2, 5) });
  t.is(totalCount(difference(now, before)), 7);
  t.throws(() => difference(before, now), { message: /histogram bucket 7 went from 5 down to 3/ });
});

test('Histograms survive packing at an odd address', (t) => {
  const one = emptyHistogram();
  one[3] = 2 ** 33 + 1;
  one[1151] = 1;
  const packed = packHistograms([one, emptyHistogram(), new BigUint64Array(BUCKET_COUNT).fill(1n, 5, 6)]);
  const odd = Buffer.concat([Buffer.of(0), packed]).subarray(1);
  t.deepEqual(unpackHistograms(odd, 3), [
    toSparse(one),
    toSparse(emptyHistogram()),
    { bucket: Uint32Array.of(5), count: Float64Array.of(1) },
  ]);
});

test('Packed histograms that are cut, too long or out of range are refused', (t) => {
  const packed = packHistograms([{ bucket: Uint32Array.of(5), count: Float64Array.of(1) }]);
  t.throws(() => unpackHistograms(packed.subarray(0, -1), 1), { message: /1 buckets announced/ });
  t.throws(() => unpackHistograms(packed, 2), { message: /cut/ });
  t.throws(() => unpackHistograms(packed, 0), { message: /16 bytes too many/ });
  packed.writeUInt32LE(1152, 4);
  t.throws(() => unpackHistograms(packed, 1), { message: /bucket 1152 out of order or range/ });
});
