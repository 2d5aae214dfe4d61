import { addInto, difference, emptyHistogram, type Histogram, totalCount } from '../histogram/arithmetic.js';
import { midpointNs } from '../histogram/buckets.js';
import { quantilesNs } from '../histogram/quantile.js';
import type { Row } from './row.js';
import type { SlotValues } from './slot.js';

/** Percentiles of what returned in an interval; all absent when nothing did. */
export interface IntervalLatency {
  p50Ns?: number;
  p90Ns?: number;
  p95Ns?: number;
  p99Ns?: number;
  maxNs?: number;
}

/** One second of one row. */
export interface IntervalValues extends IntervalLatency {
  calls: number;
  returns: number;
}

/** A second of the session; `rows` by row. */
export interface Second {
  atNs: bigint;
  rows: IntervalValues[];
}

/** What the rows were when the last second ended. */
interface Baseline {
  calls: number;
  histogram: Histogram;
  maxNs: number;
}

const SECOND_NS = 1e9;
/** The longest session in seconds; what comes later is in the last point. */
export const MAX_POINTS = 600;

/** One point a second, from differences of absolute readings, so that points add up to the session's calls. */
export class Timeline {
  readonly #points: Second[] = [];
  #baselines: Baseline[] = [];
  #endsNs = SECOND_NS;

  /** Whether the second that is open is over at this time since the session's start. */
  isDue(elapsedNs: number): boolean {
    return elapsedNs >= this.#endsNs && this.#points.length < MAX_POINTS - 1;
  }

  /** Ends the open second with these rows. */
  close(rows: readonly Row[], atNs: bigint, elapsedNs: number): void {
    this.#points.push(this.#pointUntil(rows, atNs));
    this.#baselines = rows.map(({ calls, histogram, maxNs }) => ({ calls, histogram, maxNs }));
    this.#endsNs = (Math.floor(elapsedNs / SECOND_NS) + 1) * SECOND_NS;
  }

  /** Counts values as from before the open second: those of a part that is first heard when it has long been running. */
  absorb(row: number, values: SlotValues): void {
    const before = this.#baselines[row] ?? nothing();
    const histogram = Float64Array.from(before.histogram);
    addInto(histogram, values.histogram);
    this.#baselines[row] = { calls: before.calls + values.calls, histogram, maxNs: Math.max(before.maxNs, values.maxNs) };
  }

  /** The points so far and, where something has come since, the open second. */
  points(rows: readonly Row[], atNs: bigint): Second[] {
    const open = this.#pointUntil(rows, atNs);
    return open.rows.some((row) => row.calls > 0 || row.returns > 0) ? [...this.#points, open] : [...this.#points];
  }

  #pointUntil(rows: readonly Row[], atNs: bigint): Second {
    return { atNs, rows: rows.map((row) => intervalValues(this.#baselines[row.index], row)) };
  }
}

/** What a row did between two readings of it. */
export function intervalValues(before: Baseline | undefined, now: Baseline & { minNs?: number }): IntervalValues {
  const from = before ?? nothing();
  const histogram = difference(now.histogram, from.histogram);
  const calls = Math.max(0, now.calls - from.calls);
  return { calls, returns: totalCount(histogram), ...intervalLatency(histogram, from.maxNs, now) };
}

function intervalLatency(histogram: Histogram, maxBeforeNs: number, now: { minNs?: number; maxNs: number }): IntervalLatency {
  if (totalCount(histogram) === 0) return {};
  const maxNs =
    now.maxNs > maxBeforeNs ? now.maxNs : Math.min(now.maxNs, midpointNs(histogram.findLastIndex((count) => count > 0)));
  const [p50Ns, p90Ns, p95Ns, p99Ns] = quantilesNs(histogram, [0.5, 0.9, 0.95, 0.99], { maxNs });
  return { p50Ns: p50Ns!, p90Ns: p90Ns!, p95Ns: p95Ns!, p99Ns: p99Ns!, maxNs };
}

const nothing = (): Baseline => ({ calls: 0, histogram: emptyHistogram(), maxNs: 0 });
