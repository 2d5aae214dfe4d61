/** What the stories read of the command line's output; written from the contract, not from our types. */

export interface FunctionRow {
  name: string;
  calls: number;
  returns: number;
  in_flight: number;
  unwound: number;
  untracked: number;
  joined_mid_call: number;
  latency?: {
    count: number;
    p50_ns: number;
    p95_ns: number;
    p99_ns: number;
    max_ns: number;
    min_ns: number;
    estimated: boolean;
    relative_error: number;
    histogram: [number, number, number][];
  };
  sites: { role: string; offset: number; instruction: string; cost: string; hits?: number }[];
}

export interface TreeNode {
  id: number;
  parent: number | null;
  function: string;
  calls: number;
  total_ns: number;
  self_ns: number;
  open: number;
}

export interface SessionLine {
  type: 'session';
  session_id: string;
  pids: number[];
  functions: FunctionRow[];
  refused: { function: string; code: string; reason: string }[];
  expires_at: string;
}

export interface Snapshot {
  type: 'snapshot';
  schema: string;
  session_id: string;
  pids: number[];
  end_reason: string;
  duration_ns: number;
  functions: FunctionRow[];
  refused: { function: string; code: string; reason: string }[];
  tree: TreeNode[];
  slow_calls: { function: string; duration_ns: number; goroutine?: number; thread?: number; at: string }[];
  losses: Record<string, number>;
  overhead: Record<string, unknown>;
  text_verified?: boolean;
}

export type Line =
  | SessionLine
  | Snapshot
  | { type: 'tick'; at: string; functions: FunctionRow[]; losses: Record<string, number> }
  | { type: 'call'; function: string; duration_ns: number }
  | { type: 'notice'; code: string; message: string };

/** What a single call may be longer by than the program's own measurement inside it: another process may run in between. */
export const TIME_SLICE_NS = 20_000_000;

/** The row of one function; its absence is an error. */
export function rowOf(snapshot: Pick<Snapshot, 'functions'>, name: string): FunctionRow {
  const row = snapshot.functions.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no row for ${name} among ${snapshot.functions.map((f) => f.name).join(', ')}`);
  return row;
}
