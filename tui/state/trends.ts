/** What cannot be read from one reading: rates, and the heatmap's columns. Kept for the last two minutes. */

import type { Snapshot, SnapshotFunction } from '../../snapshots/document.js';

const RATE_WINDOW_NS = 2e9;
const COLUMN_NS = 1e9;
const KEPT_COLUMNS = 120;

/** Counters at a moment of the session. */
interface Sample {
  readonly elapsedNs: number;
  readonly hits: number;
  readonly costNs: number;
  readonly calls: ReadonlyMap<string, number>;
}

/** Calls that ended in one second, by [lower_ns, count] of the buckets. */
export interface HeatColumn {
  readonly elapsedNs: number;
  readonly buckets: readonly (readonly [number, number])[];
}

export interface Trends {
  readonly samples: readonly Sample[];
  readonly heat: ReadonlyMap<string, readonly HeatColumn[]>;
  /** Histograms at the last column's end, by function. */
  readonly before: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly columnAtNs: number;
}

export const NO_TRENDS: Trends = { samples: [], heat: new Map(), before: new Map(), columnAtNs: 0 };

/** The trends with one more reading. */
export function withReading(trends: Trends, snapshot: Snapshot): Trends {
  const elapsedNs = Number(snapshot.duration_ns);
  const calls = new Map(snapshot.functions.map((f) => [f.name, Number(f.calls)]));
  const sample = { elapsedNs, hits: Number(snapshot.overhead.hits), costNs: Number(snapshot.overhead.cost_ns), calls };
  const sampled = { ...trends, samples: [...recent(trends.samples, elapsedNs), sample] };
  if (elapsedNs - trends.columnAtNs < COLUMN_NS) return sampled;
  const columns = withColumns(sampled, snapshot, elapsedNs);
  return joinedLate(trends, elapsedNs) ? { ...columns, heat: NO_TRENDS.heat } : columns;
}

/** What a session did before it was watched belongs to no second. */
const joinedLate = (trends: Trends, elapsedNs: number): boolean => trends.samples.length === 0 && elapsedNs > 2 * COLUMN_NS;

/** The window's samples and the one just before it, so that a rate spans the whole window. */
function recent(samples: readonly Sample[], elapsedNs: number): readonly Sample[] {
  const first = samples.findIndex((sample) => elapsedNs - sample.elapsedNs <= RATE_WINDOW_NS);
  return samples.slice(first < 0 ? -1 : Math.max(0, first - 1));
}

function withColumns(trends: Trends, snapshot: Snapshot, elapsedNs: number): Trends {
  const before = new Map<string, ReadonlyMap<number, number>>();
  const heat = new Map<string, readonly HeatColumn[]>();
  for (const f of snapshot.functions) {
    const now = bucketsOf(f);
    const column = { elapsedNs, buckets: grown(now, trends.before.get(f.name)) };
    before.set(f.name, now);
    heat.set(f.name, [...(trends.heat.get(f.name) ?? []), column].slice(-KEPT_COLUMNS));
  }
  return { ...trends, before, heat, columnAtNs: elapsedNs };
}

const bucketsOf = (f: SnapshotFunction): Map<number, number> =>
  new Map((f.latency?.histogram ?? []).map(([lower, , count]) => [Number(lower), Number(count)]));

function grown(now: ReadonlyMap<number, number>, before?: ReadonlyMap<number, number>): [number, number][] {
  const grownBy = [...now].map(([lower, count]): [number, number] => [lower, count - (before?.get(lower) ?? 0)]);
  return grownBy.filter(([, count]) => count > 0);
}

/** Calls a second of a function over the last two seconds; undefined before there are two readings. */
export function ratePerSecond(trends: Trends, name: string): number | undefined {
  return rate(trends, (sample) => sample.calls.get(name) ?? 0);
}

/** Probe hits a second, of all functions. */
export function hitsPerSecond(trends: Trends): number | undefined {
  return rate(trends, (sample) => sample.hits);
}

/** Cost of the probes over the last two seconds, percent of one CPU. */
export function costPercent(trends: Trends): number | undefined {
  const costNsPerS = rate(trends, (sample) => sample.costNs);
  return costNsPerS === undefined ? undefined : costNsPerS / 1e7;
}

function rate(trends: Trends, counterOf: (sample: Sample) => number): number | undefined {
  const first = trends.samples[0];
  const last = trends.samples.at(-1);
  if (first === undefined || last === undefined || last.elapsedNs <= first.elapsedNs) return undefined;
  return (counterOf(last) - counterOf(first)) / ((last.elapsedNs - first.elapsedNs) / 1e9);
}
