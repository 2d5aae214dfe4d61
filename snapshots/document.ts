/** The snapshot document, coral.snapshot/1: a session's results as one value. Keys that do not apply are absent. */

/** Why a session ended. `running`: a snapshot taken while it runs carries no end_reason. */
export type EndReason = 'expired' | 'detached' | 'interrupted' | 'target_exited' | 'budget' | 'agent_lost';

/** A counter: a number up to 2^53, a decimal string above. */
export type Count = number | string;

/** Why a call waited. */
export const WAIT_REASONS = [
  'channel',
  'select',
  'mutex',
  'rwmutex',
  'cond',
  'waitgroup',
  'semaphore',
  'network',
  'sleep',
  'syscall',
  'gc',
  'scheduler',
  'other',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

export interface Latency {
  count: Count;
  sum_ns: Count;
  min_ns: Count;
  max_ns: Count;
  mean_ns: Count;
  p50_ns: Count;
  p90_ns: Count;
  p95_ns: Count;
  p99_ns: Count;
  p999_ns: Count;
  relative_error: number;
  estimated: boolean;
  /** [lower_ns, upper_ns, count] of non-empty buckets, ascending; upper is exclusive. */
  histogram: [Count, Count, Count][];
}

export interface SnapshotSite {
  role: 'entry' | 'return';
  offset: number;
  instruction: string;
  cost: 'emulated' | 'stepped';
  hits: Count;
}

export interface SnapshotFunction {
  name: string;
  file?: string;
  line?: number;
  language: string;
  inlined_copies: number;
  calls: Count;
  calls_estimated?: boolean;
  /** Half width of the 95 % interval of estimated calls. */
  calls_error?: Count;
  returns: Count;
  in_flight: Count;
  unwound: Count;
  untracked: Count;
  joined_mid_call: Count;
  latency?: Latency;
  sites: SnapshotSite[];
  waiting?: { reason: WaitReason; count: Count; total_ns: Count }[];
}

export interface TreeNode {
  id: number;
  parent: number | null;
  function: string;
  calls: Count;
  total_ns: Count;
  self_ns: Count;
  open: Count;
  /** Of a root: the functions whose `go` statement started its goroutines, with how many of the calls; absent where the runtime does not tell. */
  started_by?: { function: string; calls: Count }[];
}

/** A captured argument or result; see "Values" of the command-line contract. */
export interface CapturedValue {
  name: string;
  type: string;
  value?: unknown;
  len?: number;
  raw_hex?: string;
  encoding?: 'hex';
  address?: string;
  dynamic_type?: string;
  target?: string;
  truncated?: true;
  redacted?: true;
  unreadable?: string;
}

export interface SingleCall {
  call_id: string;
  function: string;
  at: string;
  duration_ns: Count;
  goroutine?: number;
  thread: number;
  pid: number;
  arguments?: CapturedValue[];
  results?: CapturedValue[];
}

export interface OpenCallRow {
  function: string;
  goroutine?: number;
  thread?: number;
  pid: number;
  age_ns: Count;
  waiting?: WaitReason;
}

export interface OverheadRow {
  hits: Count;
  /** Of the hits, those that measure what goroutines wait for: of no function. */
  waiting_hits?: Count;
  cost_ns: Count;
  percent_of_one_cpu: number;
  /** Absent: their own time is not known, the session was too short. */
  percent_of_target?: number;
  emulated_hit_ns: number;
  stepped_hit_ns: number;
  /** Absent: unlimited. */
  budget_percent?: number;
  steps: { at: string; code: string; message: string; function?: string }[];
}

export interface TimelinePoint {
  at: string;
  functions: { name: string; calls: Count; p50_ns?: Count; p95_ns?: Count; p99_ns?: Count; max_ns?: Count }[];
}

export interface Snapshot {
  type: 'snapshot';
  schema: 'coral.snapshot/1';
  session_id: string;
  service: string;
  pids: number[];
  /** The agents' ids, joined by a comma. */
  agent: string;
  /** How each agent's part stands: armed, done, refused or lost. */
  agents?: { agent_id: string; state: string; reason?: string }[];
  build_ids: string[];
  started_at: string;
  ended_at: string;
  duration_ns: Count;
  /** Absent while the session runs. */
  end_reason?: EndReason;
  requested_by?: string;
  functions: SnapshotFunction[];
  /** Rows of each process, only where there are several. */
  by_pid?: { pid: number; functions: SnapshotFunction[] }[];
  refused: { function: string; code: string; reason: string; pid?: number }[];
  tree: TreeNode[];
  slow_calls: SingleCall[];
  open_calls: OpenCallRow[];
  losses: Record<string, Count>;
  overhead: OverheadRow;
  timeline: TimelinePoint[];
  /** Whether the target's text was compared with its file after the probes were off, and what came of it. */
  text_verified?: boolean;
  text_detail?: string;
}
