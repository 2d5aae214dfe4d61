/** Why a session ended, out of why each part did. Pure. */

import type { EndReason } from '../../snapshots/document.js';

/** What somebody ordered outweighs what happened; one lost agent does not make a session lost. */
const BY_WEIGHT: readonly EndReason[] = ['detached', 'interrupted', 'budget', 'expired', 'target_exited', 'agent_lost'];

/** The reason of the whole; `agent_lost` when no part said one. */
export function endReasonOf(parts: Iterable<string>): EndReason {
  const given = new Set(parts);
  return BY_WEIGHT.find((reason) => given.has(reason)) ?? 'agent_lost';
}
