/** Keeps what the windows of a long session tell in few stretches: a session of 1,000 functions has 500 windows of each in ten minutes. Pure. */

import { KINDS_BY_WORTH, type Stretch } from './expected-calls.js';

/** Enough for an interval, and few enough for every row to be estimated at every tick. */
export const MOST_STRETCHES = 128;

/** The same time in one stretch less, where there are more than the most: the two neighbours that speak for the least time are joined. */
export function shorten(stretches: readonly Stretch[]): Stretch[] {
  if (stretches.length <= MOST_STRETCHES) return [...stretches];
  const pairNs = stretches.slice(1).map(({ after }, i) => after.ns + stretches[i]!.after.ns);
  const at = pairNs.indexOf(Math.min(...pairNs));
  return [...stretches.slice(0, at), join(stretches[at]!, stretches[at + 1]!), ...stretches.slice(at + 2)];
}

/** Of two kinds the one that tells more is kept, and speaks for the unseen time of both. */
function join(a: Stretch, b: Stretch): Stretch {
  const after = { ns: a.after.ns + b.after.ns, cpuNs: a.after.cpuNs + b.after.cpuNs, waitNs: a.after.waitNs + b.after.waitNs };
  if (a.kind !== b.kind) return { ...(KINDS_BY_WORTH.indexOf(a.kind) < KINDS_BY_WORTH.indexOf(b.kind) ? a : b), after };
  const sum = (column: 'calls' | 'ns' | 'costNs' | 'cpuNs' | 'waitNs') => a[column] + b[column];
  const [calls, ns, costNs] = [sum('calls'), sum('ns'), sum('costNs')];
  return { kind: a.kind, calls, ns, costNs, cpuNs: sum('cpuNs'), waitNs: sum('waitNs'), after };
}
