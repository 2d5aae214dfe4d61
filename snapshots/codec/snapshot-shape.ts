import {
  type CapturedValue,
  type Latency,
  type OpenCallRow,
  type OverheadRow,
  type SingleCall,
  type Snapshot,
  type SnapshotFunction,
  type SnapshotSite,
  type TimelinePoint,
  type TreeNode,
  WAIT_REASONS,
} from '../document.js';
import * as s from './shape.js';

const time = s.matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'an RFC 3339 time');

const waitReason = s.oneOf(...WAIT_REASONS);

const latency = s.object<Latency>({
  count: s.count,
  sum_ns: s.count,
  min_ns: s.count,
  max_ns: s.count,
  mean_ns: s.count,
  p50_ns: s.count,
  p90_ns: s.count,
  p95_ns: s.count,
  p99_ns: s.count,
  p999_ns: s.count,
  relative_error: s.amount,
  estimated: s.boolean,
  histogram: s.list(s.tuple(s.count, s.count, s.count)),
});

const site = s.object<SnapshotSite>({
  role: s.oneOf('entry', 'return'),
  offset: s.integer,
  instruction: s.string,
  cost: s.oneOf('emulated', 'stepped'),
  hits: s.count,
});

const waiting = s.object<NonNullable<SnapshotFunction['waiting']>[number]>({
  reason: waitReason,
  count: s.count,
  total_ns: s.count,
});

const snapshotFunction = s.object<SnapshotFunction>({
  name: s.string,
  file: s.optional(s.string),
  line: s.optional(s.integer),
  language: s.string,
  inlined_copies: s.integer,
  calls: s.count,
  calls_estimated: s.optional(s.boolean),
  calls_error: s.optional(s.count),
  returns: s.count,
  in_flight: s.count,
  unwound: s.count,
  untracked: s.count,
  joined_mid_call: s.count,
  latency: s.optional(latency),
  sites: s.list(site),
  waiting: s.optional(s.list(waiting)),
});

const starter = s.object<NonNullable<TreeNode['started_by']>[number]>({ function: s.string, calls: s.count });

const treeNode = s.object<TreeNode>({
  id: s.integer,
  parent: s.nullable(s.integer),
  function: s.string,
  calls: s.count,
  total_ns: s.count,
  self_ns: s.count,
  open: s.count,
  started_by: s.optional(s.list(starter)),
});

const capturedValue = s.object<CapturedValue>({
  name: s.string,
  type: s.string,
  value: s.optional(s.anything),
  len: s.optional(s.integer),
  raw_hex: s.optional(s.string),
  encoding: s.optional(s.constant('hex')),
  address: s.optional(s.string),
  dynamic_type: s.optional(s.string),
  target: s.optional(s.string),
  truncated: s.optional(s.boolean),
  redacted: s.optional(s.boolean),
  unreadable: s.optional(s.string),
});

const singleCall = s.object<SingleCall>({
  call_id: s.string,
  function: s.string,
  at: time,
  duration_ns: s.count,
  goroutine: s.optional(s.integer),
  thread: s.integer,
  pid: s.integer,
  arguments: s.optional(s.list(capturedValue)),
  results: s.optional(s.list(capturedValue)),
});

const openCall = s.object<OpenCallRow>({
  function: s.string,
  goroutine: s.optional(s.integer),
  thread: s.optional(s.integer),
  pid: s.integer,
  age_ns: s.count,
  waiting: s.optional(waitReason),
});

const overhead = s.object<OverheadRow>({
  hits: s.count,
  waiting_hits: s.optional(s.count),
  cost_ns: s.count,
  percent_of_one_cpu: s.amount,
  percent_of_target: s.optional(s.amount),
  emulated_hit_ns: s.amount,
  stepped_hit_ns: s.amount,
  budget_percent: s.optional(s.amount),
  steps: s.list(
    s.object<OverheadRow['steps'][number]>({ at: time, code: s.string, message: s.string, function: s.optional(s.string) }),
  ),
});

const timelinePoint = s.object<TimelinePoint>({
  at: time,
  functions: s.list(
    s.object<TimelinePoint['functions'][number]>({
      name: s.string,
      calls: s.count,
      p50_ns: s.optional(s.count),
      p95_ns: s.optional(s.count),
      p99_ns: s.optional(s.count),
      max_ns: s.optional(s.count),
    }),
  ),
});

/** coral.snapshot/1. */
export const snapshotShape = s.object<Snapshot>({
  type: s.constant('snapshot'),
  schema: s.constant('coral.snapshot/1'),
  session_id: s.string,
  service: s.string,
  pids: s.list(s.integer),
  agent: s.string,
  agents: s.optional(
    s.list(
      s.object<NonNullable<Snapshot['agents']>[number]>({ agent_id: s.string, state: s.string, reason: s.optional(s.string) }),
    ),
  ),
  build_ids: s.list(s.string),
  started_at: time,
  ended_at: time,
  duration_ns: s.count,
  end_reason: s.optional(s.oneOf('expired', 'detached', 'interrupted', 'target_exited', 'budget', 'agent_lost')),
  requested_by: s.optional(s.string),
  functions: s.list(snapshotFunction),
  by_pid: s.optional(
    s.list(s.object<NonNullable<Snapshot['by_pid']>[number]>({ pid: s.integer, functions: s.list(snapshotFunction) })),
  ),
  refused: s.list(
    s.object<Snapshot['refused'][number]>({ function: s.string, code: s.string, reason: s.string, pid: s.optional(s.integer) }),
  ),
  tree: s.list(treeNode),
  slow_calls: s.list(singleCall),
  open_calls: s.list(openCall),
  losses: s.recordOf(s.count),
  overhead,
  timeline: s.list(timelinePoint),
  text_verified: s.optional(s.boolean),
  text_detail: s.optional(s.string),
});
