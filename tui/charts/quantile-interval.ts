/** How far a percentile of a part of the calls may be from that of all of them. */

import type { Latency } from '../../snapshots/document.js';

/** Two-sided 95 % of a normal distribution, in standard deviations. */
const Z_95 = 1.96;

/**
 * The 95 % interval of a quantile, ns: the buckets in which the ranks lie that bound it, by the normal approximation
 * of the binomial. Undefined where nothing has been measured.
 */
export function quantileInterval({ histogram }: Latency, quantile: number): readonly [number, number] | undefined {
  const total = histogram.reduce((sum, [, , count]) => sum + Number(count), 0);
  if (total === 0) return undefined;
  const spread = Z_95 * Math.sqrt(total * quantile * (1 - quantile));
  const low = bucketAt(histogram, total * quantile - spread);
  const high = bucketAt(histogram, total * quantile + spread);
  return [Number(low[0]), Number(high[1])];
}

/** The bucket that holds a rank; the first or last for a rank outside. */
function bucketAt(histogram: Latency['histogram'], rank: number): Latency['histogram'][number] {
  let below = 0;
  const found = histogram.find(([, , count]) => {
    below += Number(count);
    return below >= rank;
  });
  return found ?? histogram[histogram.length - 1] ?? [0, 0, 0];
}
