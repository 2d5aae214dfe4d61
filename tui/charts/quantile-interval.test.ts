import test from 'ava';
import type { Latency } from '../../snapshots/document.js';
import { quantileInterval } from './quantile-interval.js';

const latency = (histogram: Latency['histogram']): Latency => ({ histogram }) as Latency;

test('the interval holds the ranks that bound the quantile', (t) => {
  const even = latency(Array.from({ length: 100 }, (_, i) => [i * 10, i * 10 + 10, 1]));
  t.deepEqual(quantileInterval(even, 0.5), [400, 600]);
  t.deepEqual(quantileInterval(even, 0.99), [970, 1000]);
});

test('more calls make it narrower, none give none', (t) => {
  const many = latency(Array.from({ length: 100 }, (_, i) => [i * 10, i * 10 + 10, 10_000]));
  t.deepEqual(quantileInterval(many, 0.5), [490, 510]);
  t.is(quantileInterval(latency([]), 0.5), undefined);
});
