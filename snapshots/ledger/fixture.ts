import type { FunctionPlan, SessionInfo, SessionTick, TreeStart } from '../../proto/gen/coral/live/v1/live.js';
import { NO_MIN_NS, packFunctions } from '../columns/functions.js';
import { packTree } from '../columns/tree.js';
import { emptyHistogram } from '../histogram/arithmetic.js';
import { bucketOf } from '../histogram/buckets.js';
import { nsToTimestamp } from '../times/times.js';

/** Unix time at which sessions of tests start, ns. */
export const STARTED_NS = 1_795_420_800_000_000_000n;

/** A function with an entry and a return site. */
export function plan(name: string, pid = 10): FunctionPlan {
  const site = { bytes: '', stackDepth: 0, proof: [], hits: 0 };
  return {
    name,
    offset: 64,
    file: 'main.go',
    line: 7,
    size: 32,
    language: 'go',
    probeable: true,
    code: '',
    reason: '',
    entryCost: 'emulated',
    returnSites: 1,
    countedBecause: '',
    inlinedCopies: 0,
    sites: [
      { ...site, role: 'entry', offset: 65, instruction: 'push rbp', cost: 'emulated' },
      { ...site, role: 'return', offset: 90, instruction: 'ret', cost: 'stepped' },
    ],
    pid,
    image: '/bin/shop',
    how: 'timed',
  };
}

/** A session of service "shop" that has just been armed. */
export function sessionInfo(functions: FunctionPlan[], agents = ['a']): SessionInfo {
  return {
    sessionId: 'dbg-1',
    service: 'shop',
    pids: [...new Set(functions.map((one) => one.pid))],
    agents,
    buildIds: ['b1'],
    startedAt: nsToTimestamp(STARTED_NS),
    expiresAt: nsToTimestamp(STARTED_NS + 60_000_000_000n),
    functions,
    refused: [],
    requestedBy: 'ann',
    parts: agents.map((agentId) => ({ agentId, state: 'armed', reason: '' })),
    countOnly: false,
  };
}

/** What a slot has done: durations of the calls that returned, and counts of the others. */
export interface Truth {
  slot: number;
  durationsNs: number[];
  inFlight?: number;
  unwound?: number;
  untracked?: number;
}

/** A tick with these truths, absolute. */
export function tickOf(agentId: string, seq: number, truths: Truth[], more: Partial<SessionTick> = {}): SessionTick {
  const elapsedNs = more.elapsedNs ?? seq * 200_000_000;
  return {
    sessionId: 'dbg-1',
    agentId,
    seq,
    at: nsToTimestamp(STARTED_NS + BigInt(elapsedNs)),
    elapsedNs,
    functions: functionsOf(truths),
    tree: undefined,
    losses: [],
    overhead: undefined,
    openCalls: [],
    waiting: [],
    final: false,
    slowCalls: undefined,
    siteHits: Buffer.alloc(0),
    ...more,
  };
}

/** Tree columns of [id, parent, row, calls, totalNs, selfNs, open] tuples. */
export function treeOf(nodes: [number, number, number, number, number, number, number][], starts: readonly TreeStart[] = []) {
  const column = (i: number) => nodes.map((node) => node[i]!);
  return packTree({
    id: column(0),
    parent: column(1),
    row: column(2),
    calls: column(3),
    totalNs: column(4),
    selfNs: column(5),
    open: column(6),
    starts,
  });
}

function functionsOf(truths: Truth[]) {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const column = (value: (truth: Truth) => number | bigint) => truths.map(value);
  return packFunctions({
    row: column((truth) => truth.slot),
    calls: column(
      ({ durationsNs, inFlight = 0, unwound = 0, untracked = 0 }) => durationsNs.length + inFlight + unwound + untracked,
    ),
    returns: column((truth) => truth.durationsNs.length),
    inFlight: column((truth) => truth.inFlight ?? 0),
    unwound: column((truth) => truth.unwound ?? 0),
    untracked: column((truth) => truth.untracked ?? 0),
    joinedMidCall: column(() => 0),
    sumNs: column((truth) => sum(truth.durationsNs)),
    minNs: column((truth) => (truth.durationsNs.length > 0 ? Math.min(...truth.durationsNs) : NO_MIN_NS)),
    maxNs: column((truth) => Math.max(0, ...truth.durationsNs)),
    histograms: truths.map((truth) => histogramOf(truth.durationsNs)),
  });
}

function histogramOf(durationsNs: number[]) {
  const histogram = emptyHistogram();
  for (const durationNs of durationsNs) histogram[bucketOf(durationNs)]! += 1;
  return histogram;
}
