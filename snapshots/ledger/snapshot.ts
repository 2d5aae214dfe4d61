import type { Overhead, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason, OverheadRow, Snapshot, TimelinePoint, TreeNode } from '../document.js';
import { nsToRfc3339, timestampToRfc3339 } from '../times/times.js';
import type { MergedNode } from './call-tree.js';
import { toCount } from './count.js';
import { isShareKnown } from './overhead.js';
import type { Row } from './row.js';
import type { SessionLedger } from './session-ledger.js';
import { OTHER, openCallRow, singleCall } from './single-calls.js';
import { snapshotFunction } from './snapshot-function.js';
import type { Second } from './timeline.js';

/** A ledger as a coral.snapshot/1 document. */
export function buildSnapshot(ledger: SessionLedger, endReason: EndReason | undefined, endedAtNs: bigint): Snapshot {
  const { info } = ledger;
  const rows = ledger.rows();
  return {
    type: 'snapshot',
    schema: 'coral.snapshot/1',
    ...identity(info),
    started_at: info.startedAt ? timestampToRfc3339(info.startedAt) : nsToRfc3339(endedAtNs),
    ended_at: nsToRfc3339(endedAtNs),
    duration_ns: toCount(ledger.elapsedNs),
    ...(endReason && { end_reason: endReason }),
    ...(info.requestedBy && { requested_by: info.requestedBy }),
    functions: rows.map(snapshotFunction),
    ...byPid(ledger),
    refused: info.refused.map(refusal),
    tree: ledger.nodes().map((node) => treeNode(node, rows)),
    slow_calls: ledger.slowCalls().map((call) => singleCall(call, info.functions)),
    open_calls: ledger.openCalls().map((open) => openCallRow(open, info.functions)),
    losses: Object.fromEntries([...ledger.losses()].map(([reason, count]) => [reason, toCount(count)])),
    overhead: overheadOfSession(ledger),
    timeline: ledger.timeline().map((second) => timelinePoint(second, rows)),
  };
}

function identity(info: SessionInfo): Pick<Snapshot, 'session_id' | 'service' | 'pids' | 'agent' | 'build_ids' | 'agents'> {
  return {
    session_id: info.sessionId,
    service: info.service,
    pids: info.pids,
    agent: info.agents.join(', '),
    ...(info.parts.length > 0 && {
      agents: info.parts.map(({ agentId, state, reason }) => ({ agent_id: agentId, state, ...(reason && { reason }) })),
    }),
    build_ids: info.buildIds,
  };
}

function byPid(ledger: SessionLedger): Pick<Snapshot, 'by_pid'> {
  const processes = ledger.rowsByPid();
  if (processes.length < 2) return {};
  return { by_pid: processes.map(({ pid, rows }) => ({ pid, functions: rows.map(snapshotFunction) })) };
}

function refusal({ function: name, code, reason, pid }: SessionInfo['refused'][number]): Snapshot['refused'][number] {
  return { function: name, code, reason, ...(pid > 0 && { pid }) };
}

function treeNode(node: MergedNode, rows: readonly Row[]): TreeNode {
  return {
    id: node.id,
    parent: node.parent === 0 ? null : node.parent,
    function: rows[node.row]?.name ?? OTHER,
    calls: toCount(node.calls),
    total_ns: toCount(node.totalNs),
    self_ns: toCount(node.selfNs),
    open: toCount(node.open),
    ...(node.starters.size > 0 && { started_by: startersOf(node) }),
  };
}

/** The most frequent first. */
function startersOf({ starters }: MergedNode): TreeNode['started_by'] {
  const byCalls = [...starters].sort(([, a], [, b]) => b - a);
  return byCalls.map(([name, calls]) => ({ function: name, calls: toCount(calls) }));
}

/** Of the whole session, where ticks have percentages of their interval. */
function overheadOfSession(ledger: SessionLedger): OverheadRow {
  const overhead = ledger.overhead();
  const ofTarget = ledger.meanTargetPercent();
  const percent = ledger.elapsedNs > 0 ? (100 * overhead.costNs) / ledger.elapsedNs : 0;
  return {
    hits: toCount(overhead.hits),
    ...(overhead.waitingHits > 0 && { waiting_hits: toCount(overhead.waitingHits) }),
    cost_ns: toCount(overhead.costNs),
    percent_of_one_cpu: percent,
    ...(isShareKnown(overhead.costNs, ofTarget) && { percent_of_target: ofTarget }),
    emulated_hit_ns: overhead.emulatedHitNs,
    stepped_hit_ns: overhead.steppedHitNs,
    ...(overhead.budgetPercent >= 0 && { budget_percent: overhead.budgetPercent }),
    steps: overhead.steps.map(budgetStep),
  };
}

function budgetStep(step: Overhead['steps'][number]): OverheadRow['steps'][number] {
  const { at, code, message, function: name } = step;
  return { at: timestampToRfc3339(at ?? { seconds: 0, nanos: 0 }), code, message, ...(name && { function: name }) };
}

/** Points of seconds that are over: they do not change, and a screen asks for a snapshot every tick. */
const points = new WeakMap<Second, TimelinePoint>();

function timelinePoint(second: Second, rows: readonly Row[]): TimelinePoint {
  const known = points.get(second);
  if (known) return known;
  const point = newTimelinePoint(second, rows);
  points.set(second, point);
  return point;
}

function newTimelinePoint(second: Second, rows: readonly Row[]): TimelinePoint {
  return {
    at: nsToRfc3339(second.atNs),
    functions: second.rows.map(({ calls, p50Ns, p95Ns, p99Ns, maxNs }, row) => ({
      name: rows[row]!.name,
      calls,
      ...(p50Ns !== undefined && { p50_ns: p50Ns, p95_ns: p95Ns!, p99_ns: p99Ns!, max_ns: maxNs! }),
    })),
  };
}
