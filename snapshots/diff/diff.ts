import type { Count, Snapshot, SnapshotFunction } from '../document.js';
import {
  type ComparedFunction,
  type DiffedSession,
  type FunctionDiff,
  PERCENTILES,
  type Percentile,
  type SnapshotDiff,
} from './document.js';
import { holm, percentilePValue } from './significance.js';

/** A change is called significant below this chance … */
const MAX_P_VALUE = 0.01;
/** … if it is at least this large: three times what two histograms' rounding can feign. */
const MIN_CHANGE = 0.05;

const METHOD =
  'per percentile a two-sided test of two proportions (calls above the middle of both percentiles, continuity-corrected), ' +
  `Holm-corrected over all functions and percentiles; significant: p < ${MAX_P_VALUE} and a change of at least ${100 * MIN_CHANGE} %; ` +
  'calls are taken as independent of each other';

const SHARE: Record<Percentile, number> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/** Compares the functions that two snapshots share, by name. */
export function diffSnapshots(a: Snapshot, b: Snapshot): SnapshotDiff {
  const pairs = a.functions.flatMap((one) =>
    b.functions.filter((other) => other.name === one.name).map((other) => [one, other] as const),
  );
  const functions = pairs.map(([one, other]) => compare(one, a, other, b));
  correctForMany(functions);
  return {
    type: 'diff',
    schema: 'coral.diff/1',
    a: sessionOf(a),
    b: sessionOf(b),
    method: METHOD,
    functions,
    only_in_a: namesMissing(a, b),
    only_in_b: namesMissing(b, a),
  };
}

function compare(one: SnapshotFunction, a: Snapshot, other: SnapshotFunction, b: Snapshot): FunctionDiff {
  const before = compared(one, a);
  const after = compared(other, b);
  return {
    name: one.name,
    a: before,
    b: after,
    change: changes(before, after),
    ...(one.latency && other.latency && { p_values: pValues(one.latency.histogram, other.latency.histogram) }),
    significant: false,
  };
}

function compared({ calls, latency }: SnapshotFunction, { duration_ns }: Snapshot): ComparedFunction {
  const seconds = Number(duration_ns) / 1e9;
  return {
    calls,
    rate_per_s: seconds > 0 ? Number(calls) / seconds : 0,
    ...(latency && {
      mean_ns: latency.mean_ns,
      p50_ns: latency.p50_ns,
      p90_ns: latency.p90_ns,
      p95_ns: latency.p95_ns,
      p99_ns: latency.p99_ns,
      max_ns: latency.max_ns,
    }),
    ...(latency?.estimated && { estimated: true as const }),
  };
}

function changes(a: ComparedFunction, b: ComparedFunction): FunctionDiff['change'] {
  const changed: [string, number | undefined][] = [
    ['rate', relative(a.rate_per_s, b.rate_per_s)],
    ['mean', relative(a.mean_ns, b.mean_ns)],
    ...PERCENTILES.map((p): [string, number | undefined] => [p, relative(a[`${p}_ns`], b[`${p}_ns`])]),
    ['max', relative(a.max_ns, b.max_ns)],
  ];
  return Object.fromEntries(changed.filter(([, change]) => change !== undefined));
}

function relative(a: Count | undefined, b: Count | undefined): number | undefined {
  if (a === undefined || b === undefined || Number(a) === 0) return undefined;
  return (Number(b) - Number(a)) / Number(a);
}

function pValues(a: [Count, Count, Count][], b: [Count, Count, Count][]): Record<Percentile, number> {
  return Object.fromEntries(PERCENTILES.map((p) => [p, percentilePValue(a, b, SHARE[p])])) as Record<Percentile, number>;
}

/** Replaces p-values by corrected ones, and draws the conclusion. */
function correctForMany(functions: readonly FunctionDiff[]): void {
  const tested = functions.filter((one) => one.p_values);
  const corrected = holm(tested.flatMap((one) => PERCENTILES.map((p) => one.p_values![p])));
  tested.forEach((one, i) => {
    PERCENTILES.forEach((p, j) => {
      one.p_values![p] = corrected[i * PERCENTILES.length + j]!;
    });
    one.p_value = Math.min(...PERCENTILES.map((p) => one.p_values![p]));
    one.significant = PERCENTILES.some((p) => one.p_values![p] < MAX_P_VALUE && Math.abs(one.change[p] ?? 0) >= MIN_CHANGE);
  });
}

function sessionOf({ session_id, service, started_at, duration_ns, build_ids }: Snapshot): DiffedSession {
  return { session_id, service, started_at, duration_ns, build_ids };
}

const namesMissing = (from: Snapshot, other: Snapshot): string[] =>
  from.functions.map((one) => one.name).filter((name) => !other.functions.some((one) => one.name === name));
