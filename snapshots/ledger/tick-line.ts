import type { Count } from '../document.js';
import { quantilesNs } from '../histogram/quantile.js';
import { toCount } from './count.js';
import type { Row } from './row.js';
import { type IntervalValues, intervalValues } from './timeline.js';

/** Percentiles in a `tick` line; absent where nothing returned. */
export interface LinePercentiles {
  p50_ns?: number;
  p90_ns?: number;
  p95_ns?: number;
  p99_ns?: number;
  max_ns?: number;
}

/** One function of a `tick` line: running counts, the tick's rate and percentiles, and percentiles since the start. */
export interface TickLineFunction {
  name: string;
  calls: Count;
  returns: Count;
  in_flight: Count;
  unwound: Count;
  untracked: Count;
  joined_mid_call: Count;
  /** Calls a second during the tick. */
  rate_per_s: number;
  tick: LinePercentiles & { calls: number; returns: number };
  since_start: LinePercentiles;
}

/** The functions of a `tick` line: `now` against the rows of the line before, `elapsedNs` apart. */
export function tickLine(previous: readonly Row[], now: readonly Row[], elapsedNs: number): TickLineFunction[] {
  return now.map((row) => {
    const interval = intervalValues(previous[row.index], row);
    return {
      name: row.name,
      calls: toCount(row.calls),
      returns: toCount(row.returns),
      in_flight: toCount(row.inFlight),
      unwound: toCount(row.unwound),
      untracked: toCount(row.untracked),
      joined_mid_call: toCount(row.joinedMidCall),
      rate_per_s: elapsedNs > 0 ? (interval.calls * 1e9) / elapsedNs : 0,
      tick: { calls: interval.calls, returns: interval.returns, ...linePercentiles(interval) },
      since_start: sinceStart(row),
    };
  });
}

function linePercentiles({ p50Ns, p90Ns, p95Ns, p99Ns, maxNs }: IntervalValues): LinePercentiles {
  if (p50Ns === undefined) return {};
  return { p50_ns: p50Ns, p90_ns: p90Ns!, p95_ns: p95Ns!, p99_ns: p99Ns!, max_ns: maxNs! };
}

function sinceStart(row: Row): LinePercentiles {
  const [p50, p90, p95, p99] = quantilesNs(row.histogram, [0.5, 0.9, 0.95, 0.99], row);
  if (p50 === undefined) return {};
  return { p50_ns: p50, p90_ns: p90!, p95_ns: p95!, p99_ns: p99!, max_ns: row.maxNs };
}
