/** How much of a processor each thread used in windows and between them, as running totals. Pure. */

import type { ThreadShare } from '../../budget/caller-threads.js';
import type { Stretch } from '../../budget/expected-calls.js';
import type { ThreadTimes } from '../ports.js';

/** By thread; under OTHERS all that had ended before the last few that did, as one. */
export type ThreadShares = ReadonlyMap<number, ThreadShare>;

export const NO_SHARES: ThreadShares = new Map();

const OTHERS = -1;
/** So many threads are told apart after their end. */
const MAX_ENDED = 64;
const NONE: ThreadShare = { probed: 0, timed: 0, counted: 0, after: 0 };

interface Moment {
  ns: number;
  threads: ThreadTimes;
}

/** With those of a window more, and of the unseen time up to the next. None was on a processor for longer than a window took. */
export function addShares(
  before: ThreadShares,
  kind: Stretch['kind'],
  opened: Moment,
  closed: Moment,
  next: Moment,
): ThreadShares {
  const shares = forgetLongEnded(before, next.threads);
  const add = (thread: number, part: keyof ThreadShare, ns: number): void => {
    const share = shares.get(thread) ?? NONE;
    shares.set(thread, { ...share, [part]: share[part] + ns });
  };
  const inWindow = (thread: number): number => {
    const [from, to] = [opened, closed].map(({ threads }) => threads.get(thread)?.cpuNs ?? 0) as [number, number];
    return Math.min(Math.max(to - from, 0), closed.ns - opened.ns);
  };
  for (const thread of closed.threads.keys()) add(thread, kind, inWindow(thread));
  for (const [thread, { cpuNs }] of next.threads)
    add(thread, 'after', Math.max(cpuNs - (opened.threads.get(thread)?.cpuNs ?? 0) - inWindow(thread), 0));
  return shares;
}

/** The same, that knows its last answer: functions that are switched together have their shares together. */
export function addSharesOnce(): typeof addShares {
  let [asked, answer]: [unknown[], ThreadShares] = [[], new Map()];
  return (before, kind, opened, closed, next) => {
    const asking = [before, kind, ...[opened, closed, next].flatMap(({ ns, threads }) => [ns, threads])];
    if (asked.length === 0 || asking.some((value, i) => value !== asked[i]))
      answer = addShares(before, kind, opened, closed, next);
    asked = asking;
    return answer;
  };
}

function forgetLongEnded(shares: ThreadShares, living: ThreadTimes): Map<number, ThreadShare> {
  const ended = [...shares.keys()].filter((thread) => thread !== OTHERS && !living.has(thread));
  const folded = ended.slice(0, -MAX_ENDED);
  const left = new Map(shares);
  for (const thread of folded) left.delete(thread);
  const others = [OTHERS, ...folded].flatMap((thread) => shares.get(thread) ?? []);
  if (others.length > 0) left.set(OTHERS, others.reduce(sumOf));
  return left;
}

const sumOf = (a: ThreadShare, b: ThreadShare): ThreadShare => {
  return { probed: a.probed + b.probed, timed: a.timed + b.timed, counted: a.counted + b.counted, after: a.after + b.after };
};
