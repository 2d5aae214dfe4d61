/** What was not recorded, by reason: the kernel's counters and the agent's own. Pure. */

import type { Loss } from '../../../proto/gen/coral/live/v1/live.js';

/** The agent's reasons beside those of bpf/coral.h. */
export interface AgentLosses {
  /** Single calls that found the link to the colony full. */
  linkFull: number;
  /** Single calls over the agent's events-per-second limit. */
  rateLimited: number;
  /** Calls that no column accounts for; above 0 only by a fault of Coral's. */
  unaccounted: number;
}

/** Reasons above zero; `reasons` names the kernel's counters in their order. */
export function listLosses(kernel: BigUint64Array, reasons: readonly string[], own: AgentLosses): Loss[] {
  const counts = new Map<string, number>(reasons.map((reason, i) => [reason, Number(kernel[i] ?? 0n)]));
  const add = (reason: string, count: number) => counts.set(reason, (counts.get(reason) ?? 0) + count);
  add('link_full', own.linkFull);
  add('rate_limited', own.rateLimited);
  add('unaccounted', own.unaccounted);
  return [...counts].filter(([, count]) => count > 0).map(([reason, count]) => ({ reason, count }));
}
