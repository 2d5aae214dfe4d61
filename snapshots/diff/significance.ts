import type { Latency } from '../document.js';

/** Calls by bucket; the lower bounds tell buckets apart. */
type Buckets = Latency['histogram'];

/**
 * How probable a difference of a percentile at least as large is, were both sessions alike: two-sided test of two
 * proportions (with continuity correction) on the calls above the middle of the two percentiles. 1 where both
 * percentiles are in one bucket.
 */
export function percentilePValue(a: Buckets, b: Buckets, q: number): number {
  const [cutA, cutB] = [lowerAt(a, q), lowerAt(b, q)];
  if (cutA === cutB) return 1;
  const cut = (cutA + cutB) / 2;
  return twoProportions(callsAbove(a, cut), calls(a), callsAbove(b, cut), calls(b));
}

/** Holm's correction of p-values for being many, in their order. */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((p, i) => ({ p, i })).sort((x, y) => x.p - y.p);
  const corrected = new Array<number>(pValues.length);
  let least = 0;
  for (const [rank, { p, i }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, p * (pValues.length - rank)));
    corrected[i] = least;
  }
  return corrected;
}

/** Chi-squared test of a 2 x 2 table with Yates' correction, which errs towards "no difference" for few calls. */
function twoProportions(aboveA: number, totalA: number, aboveB: number, totalB: number): number {
  const total = totalA + totalB;
  const above = aboveA + aboveB;
  if (above === 0 || above === total) return 1;
  const distance = Math.abs(aboveA * (totalB - aboveB) - aboveB * (totalA - aboveA)) - total / 2;
  const variance = (above / total) * (1 - above / total) * (1 / totalA + 1 / totalB);
  const z = Math.max(0, distance) / (totalA * totalB) / Math.sqrt(variance);
  return erfc(z / Math.SQRT2);
}

/** Complementary error function, relative error below 1.2e-7 (Numerical Recipes, erfcc). */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const terms = [1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  const polynomial = terms.reduceRight((sum, term) => sum * t + term, 0);
  return t * Math.exp(-x * x - 1.26551223 + t * polynomial);
}

const calls = (buckets: Buckets): number => buckets.reduce((sum, [, , count]) => sum + Number(count), 0);

const callsAbove = (buckets: Buckets, cut: number): number => calls(buckets.filter(([lower]) => Number(lower) > cut));

/** Lower bound of the bucket that holds the quantile, by nearest rank. */
function lowerAt(buckets: Buckets, q: number): number {
  const rank = Math.ceil(q * calls(buckets));
  let reached = 0;
  for (const [lower, , count] of buckets) {
    reached += Number(count);
    if (reached >= rank) return Number(lower);
  }
  return 0;
}
