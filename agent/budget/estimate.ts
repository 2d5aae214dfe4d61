/** Counts of a function whose entry probes were windowed: what was seen, what was probably missed, and how sure that is. */

import { possibleCallers, type ThreadShare } from './caller-threads.js';
import { activeShare, studentT } from './confidence.js';
import { type Expected, expectUnseen, type Stretch, stretchesThatTell, sum, type Unseen, undelayed } from './expected-calls.js';
import { SHORTEST_CALL_NS } from './shortest-call.js';

/** What the calibrated cost of a hit may be wrong by: other programs cool its caches, and on the core's other thread halve its pace. */
const COST_ERROR = 1;
/** The same of a program that pauses: that its probes' cost comes on top of its own time says what they cost. */
const COST_ERROR_ON_TOP = 0.35;
/** A program that calls as fast as it can shows less of the probes' cost on top of its processor time. */
const SURELY_ON_TOP = 0.8;
/** Share of the time from which a program counts as one that never pauses. */
const ALWAYS_BUSY = 0.8;
/** Calls that may have come in a time without any, as a mean (97.5 %). */
const CALLS_UNSEEN = 3.7;
/** Processor times of short windows are told to 4 ms, and vary. */
const MUCH_BUSIER = 3;
/** Fewer windows with calls than this may have met the program at its busiest, or missed that. */
const FEW_ACTIVE = 5;

/** `calls` counted and estimated together; `error`: half width of the 95 % interval; `seen`: what was really counted. */
export interface EstimatedCalls {
  calls: number;
  error: number;
  seen: number;
}

/** What else is known of its calls. */
export interface KnownCalls {
  /** What the quickest took that was timed, without its probes. */
  shortestNs?: number | undefined;
  /** No call uses less of a processor. */
  leastNs: number;
  /** What a hit of its entry costs. */
  entryHitNs: number;
  threads: readonly ThreadShare[];
}

const NOTHING_KNOWN: KnownCalls = { leastNs: SHORTEST_CALL_NS, entryHitNs: 0, threads: [] };

/**
 * Calls in seen stretches and in the unseen time that follows each. In a window a program that calls as fast as it can is
 * slowed by the probes, one that is called from outside is not: the missed calls lie between what either would have made,
 * and the interval spans both, with the spread of the windows' rates on top. Where the probes' cost came on top of what
 * the process uses of processors, the second is likely, and is the estimate; else the middle, as far as calls as quick as
 * the quickest that was timed, and those of other functions that come with them, have room in it. Their own bounds do not go by
 * that: callees' probes may be in it.
 */
export function estimateCalls(seen: number, stretches: readonly Stretch[], known = NOTHING_KNOWN): EstimatedCalls {
  const parts = episodesOf(stretches).map((episode) => estimateUnseen(episode, known));
  const likely = sum(parts.map((part) => part.likely));
  const error = sum(parts.map((part) => part.error));
  return { calls: Math.round(seen + likely), error: Math.ceil(error), seen };
}

/** A function that had its probes back, and lost them again, does something else now: what windows told of the time before tells nothing of it. */
function episodesOf(stretches: readonly Stretch[]): Stretch[][] {
  const episodes: Stretch[][] = [];
  for (const stretch of stretches) {
    if (stretch.kind === 'probed' || episodes.length === 0) episodes.push([]);
    episodes.at(-1)!.push(stretch);
  }
  return episodes;
}

function estimateUnseen(stretches: readonly Stretch[], known: KnownCalls): { likely: number; error: number } {
  const unseen = sumUnseen(stretches);
  const telling = stretchesThatTell(stretches);
  if (unseen.ns <= 0 || telling.length === 0) return { likely: 0, error: 0 };
  const expected = expectUnseen(stretches, telling);
  const called = whereCalled(stretches);
  const limits = {
    leastNs: known.leastNs,
    quickestNs: quickestTurnNs(called, known),
    byThread: mostByOneThread(called, known),
    perCpuNs: isBusier(unseen, called) ? 1 / known.leastNs : callsPerCpuNs(called, known.leastNs),
  };
  const { likely, least, greatest } = isScarce(expected)
    ? boundScarce(expected, stretches, unseen, limits)
    : boundSteady(expected, unseen, limits);
  const most = greatest + burstBeyond(stretches[0]!, greatest / unseen.ns, known.leastNs);
  const error = Math.max(Math.min(most, Math.max(unseen.cpuNs / known.leastNs, expected.calls)) - likely, likely - least);
  return { likely, error: Math.max(0, error - ROUNDING * likely) };
}

/**
 * What a function that had just become hot may have gone on to call until its first window, beyond what the windows allow: it lost
 * its probes because of that, so that windows, which come later, may have missed it.
 */
function burstBeyond({ end, after }: Stretch, allowedPerNs: number, leastNs: number): number {
  if (end === undefined) return 0;
  return Math.max(Math.min(undelayed(end, after.ns, end.costNs), after.cpuNs / leastNs) - allowedPerNs * after.ns, 0);
}

/** Equal rates leave a spread of rounding errors, which is no uncertainty. */
const ROUNDING = 1e-9;

/** A call takes `leastNs`, and likely `quickestNs` with what comes with it; one thread makes at most `byThread`, all of them `perCpuNs`. */
interface Limits {
  leastNs: number;
  quickestNs: number;
  byThread: number;
  perCpuNs: number;
}

/** Of the missed calls. */
interface Bounds {
  likely: number;
  least: number;
  greatest: number;
}

/** One window says nothing of the others; few with calls among many may have met the program at its busiest, or missed that. */
const isScarce = ({ calls, active, windows }: Expected): boolean =>
  calls === 0 || windows === 1 || active < Math.min(windows, FEW_ACTIVE);

function boundSteady(expected: Expected, unseen: Unseen, limits: Limits): Bounds {
  const { calls, standardError, windows, active } = expected;
  const most = mostCalls(expected, unseen, limits);
  const relative = (studentT(windows - 1) * standardError) / calls;
  const share = activeShare(active, windows);
  return {
    likely: isPaced(expected, unseen) ? calls : middle(calls, most, unseen, limits.quickestNs),
    least: calls * Math.max(0, Math.min(1 - relative, share.lower)),
    greatest: most * Math.max(1 + relative, share.upper),
  };
}

/** As much as fits the processor time of as much of the time as may have had calls. */
function boundScarce(expected: Expected, stretches: readonly Stretch[], unseen: Unseen, limits: Limits): Bounds {
  const { calls, active, windows } = expected;
  const parallel = Math.max(1, ...stretches.map(({ cpuNs, ns }) => (ns > 0 ? cpuNs / ns : 0)));
  const share = windows === 1 ? 1 : activeShare(active, windows).most;
  const seenNs = sum(stretches.map(({ ns }) => ns));
  const byProcessor = limits.perCpuNs * Math.min(unseen.cpuNs, share * unseen.ns * parallel);
  const greatest = Math.max(calls, limits.byThread, byProcessor + (CALLS_UNSEEN * unseen.ns) / seenNs);
  const asSeen = active === 0 || isPaced(expected, unseen);
  return { likely: asSeen ? calls : middle(calls, greatest, unseen, limits.quickestNs), least: 0, greatest };
}

/**
 * Of what was seen and the most that there may have been, in their ratio: where windows tell next to nothing these lie a
 * thousandfold apart, and half of the greater would be its size.
 */
const middle = (calls: number, most: number, { cpuNs }: Unseen, quickestNs: number): number =>
  Math.sqrt(calls * Math.max(calls, Math.min(most, cpuNs / quickestNs)));

/** A call, and those of other functions that came with each: the probes of all tell how many these were. */
function quickestTurnNs({ calls, costNs }: Called, { shortestNs = SHORTEST_CALL_NS, entryHitNs }: KnownCalls): number {
  const ownNs = calls * entryHitNs;
  return shortestNs + (ownNs > 0 ? Math.max(costNs / ownNs - 1, 0) * SHORTEST_CALL_NS : 0);
}

/** Had one thread made all calls: what its own processor time allows, where others use more beside it. */
function mostByOneThread({ kind, calls, costNs }: Called, { leastNs, entryHitNs, threads }: KnownCalls): number {
  const callers = possibleCallers(threads, kind, calls * entryHitNs);
  return Math.max(0, ...callers.map((share) => callsPerCpuNs({ calls, costNs, cpuNs: share[kind] }, leastNs) * share.after));
}

type Called = Pick<Stretch, 'kind' | 'calls' | 'ns' | 'cpuNs' | 'costNs'>;

/** The stretches that had calls, taken together: of those that were slowed least, if any of these had some. */
function whereCalled(stretches: readonly Stretch[]): Called {
  const called = stretches.filter(({ calls }) => calls > 0);
  const told = stretchesThatTell(called).map((i) => called[i]!);
  const total = (column: 'calls' | 'ns' | 'cpuNs' | 'costNs') => sum(told.map((stretch) => stretch[column]));
  return {
    kind: told[0]?.kind ?? 'probed',
    calls: total('calls'),
    ns: total('ns'),
    cpuNs: total('cpuNs'),
    costNs: total('costNs'),
  };
}

/**
 * What the program would have called with no probes on it: what its processor time allows. Where the probes' cost came on
 * top of that time it went on as before, but for the delay: at most what they cost, and what it waited for processors.
 */
function mostCalls(expected: Expected, unseen: Unseen, { leastNs, byThread }: Limits): number {
  const byProcessor = Math.max(callsPerCpuNs(expected, leastNs) * unseen.cpuNs, byThread);
  const waitShare = Math.max(expected.waitNs, unseen.waitNs) / unseen.ns;
  const byDelay =
    mayPause(unseen) && onTop(expected, unseen) >= SURELY_ON_TOP
      ? expected.undelayed(1 + COST_ERROR_ON_TOP, waitShare)
      : Number.POSITIVE_INFINITY;
  return Math.max(expected.calls, Math.min(byProcessor, byDelay));
}

/**
 * A program of which some thread always runs or wants to may call as fast as it can, whatever a few short windows say of its
 * processor time, which the kernel tells in steps of 4 ms.
 */
const mayPause = ({ ns, cpuNs, waitNs }: Unseen): boolean => cpuNs + waitNs < ALWAYS_BUSY * ns;

/** What the process used processors for in the unseen time was not there in the few windows that had calls. */
const isBusier = (unseen: Unseen, { ns, cpuNs }: Called): boolean =>
  ns > 0 && unseen.cpuNs / unseen.ns > MUCH_BUSIER * (cpuNs / ns);

/** Were all its processor time spent on these calls, and their probes not there. */
function callsPerCpuNs({ calls, cpuNs, costNs }: Pick<Stretch, 'calls' | 'cpuNs' | 'costNs'>, leastNs: number): number {
  if (calls === 0) return 0;
  const freeNs = cpuNs - costNs * (1 + COST_ERROR);
  return freeNs > 0 ? Math.min(calls / freeNs, 1 / leastNs) : 1 / leastNs;
}

/** Likely, not certain: a process that others keep from the processors may look so too. */
const isPaced = (expected: Expected, unseen: Unseen): boolean => onTop(expected, unseen) >= 1 - COST_ERROR_ON_TOP;

/** How much of the probes' cost the process used of processors on top of what it uses without them. */
function onTop({ costNs, cpuNs }: Expected, unseen: Unseen): number {
  return costNs > 0 ? (cpuNs - unseen.cpuNs) / costNs : 0;
}

function sumUnseen(stretches: readonly Stretch[]): Unseen {
  const total = (column: keyof Unseen) => sum(stretches.map(({ after }) => after[column]));
  return { ns: total('ns'), cpuNs: total('cpuNs'), waitNs: total('waitNs') };
}
