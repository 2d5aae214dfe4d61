import type { OpenCall, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, packCalls } from '../columns/calls.js';
import { NO_MIN_NS, packFunctions } from '../columns/functions.js';
import { packTree } from '../columns/tree.js';
import { packU64 } from '../columns/words.js';
import { nsToTimestamp } from '../times/times.js';
import type { MergedNode } from './call-tree.js';
import type { Row } from './row.js';
import type { SessionLedger } from './session-ledger.js';

/** What of a ledger goes into a tick. */
export interface TickContent {
  rows: readonly Row[];
  nodes: readonly MergedNode[];
  slow: readonly Call[];
  /** Of all rows. */
  siteHits: readonly number[];
  rowCostNs: readonly number[];
  final: boolean;
}

/** A tick in the session's rows, for watchers. */
export function buildTick(ledger: SessionLedger, content: TickContent): SessionTick {
  return {
    sessionId: ledger.info.sessionId,
    agentId: '',
    seq: ledger.revision,
    at: nsToTimestamp(ledger.latestNs()),
    elapsedNs: ledger.elapsedNs,
    functions: packRows(content.rows),
    tree: packNodes(content.nodes),
    losses: [...ledger.losses()].map(([reason, count]) => ({ reason, count })),
    overhead: { ...ledger.overhead(), rowCostNs: packU64(content.rowCostNs) },
    openCalls: ledger.openCalls() satisfies OpenCall[],
    waiting: content.rows.flatMap((row) => row.waiting.map((waiting) => ({ row: row.index, ...waiting }))),
    final: content.final,
    slowCalls: packCalls(content.slow),
    siteHits: packU64(content.siteHits),
  };
}

function packRows(rows: readonly Row[]): SessionTick['functions'] {
  return packFunctions({
    row: rows.map((row) => row.index),
    calls: rows.map((row) => row.calls),
    returns: rows.map((row) => row.returns),
    inFlight: rows.map((row) => row.inFlight),
    unwound: rows.map((row) => row.unwound),
    untracked: rows.map((row) => row.untracked),
    joinedMidCall: rows.map((row) => row.joinedMidCall),
    sumNs: rows.map((row) => row.sumNs),
    minNs: rows.map((row) => row.minNs ?? NO_MIN_NS),
    maxNs: rows.map((row) => row.maxNs),
    estimated: rows.map((row) => row.estimated),
    callsError: rows.map((row) => row.callsError),
    histograms: rows.map((row) => row.histogram),
  });
}

function packNodes(nodes: readonly MergedNode[]): SessionTick['tree'] {
  return packTree({
    id: nodes.map((node) => node.id),
    parent: nodes.map((node) => node.parent),
    row: nodes.map((node) => node.row),
    calls: nodes.map((node) => node.calls),
    totalNs: nodes.map((node) => node.totalNs),
    selfNs: nodes.map((node) => node.selfNs),
    open: nodes.map((node) => node.open),
    starts: nodes.flatMap(({ id, starters }) => [...starters].map(([starter, calls]) => ({ id, function: starter, calls }))),
  });
}
