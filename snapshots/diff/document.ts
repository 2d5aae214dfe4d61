import type { Count } from '../document.js';

export const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** What of a function is compared. Latency keys are absent where nothing returned. */
export interface ComparedFunction {
  calls: Count;
  rate_per_s: number;
  mean_ns?: Count;
  p50_ns?: Count;
  p90_ns?: Count;
  p95_ns?: Count;
  p99_ns?: Count;
  max_ns?: Count;
  /** Return probes were windowed by the budget. */
  estimated?: true;
}

/** One function of both sessions. Changes are relative to a: -0.31 is 31 % less; absent where a is 0 or unknown. */
export interface FunctionDiff {
  name: string;
  a: ComparedFunction;
  b: ComparedFunction;
  change: Partial<Record<'rate' | 'mean' | 'max' | Percentile, number>>;
  /** Least of p_values; absent where one side has no latency. */
  p_value?: number;
  /** Of each percentile, corrected for the number of comparisons in the document. */
  p_values?: Record<Percentile, number>;
  significant: boolean;
}

/** Two sessions compared: coral.diff/1. */
export interface SnapshotDiff {
  type: 'diff';
  schema: 'coral.diff/1';
  a: DiffedSession;
  b: DiffedSession;
  method: string;
  functions: FunctionDiff[];
  /** Functions of one session alone. */
  only_in_a: string[];
  only_in_b: string[];
}

export interface DiffedSession {
  session_id: string;
  service: string;
  started_at: string;
  duration_ns: Count;
  build_ids: string[];
}
