/** What a session's document says beside the ledger's figures: who took part, and whether the targets' text was whole. Pure. */

import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';

/** An agent's comparison of the targets' text with their files after the probes were off. */
export interface TextCheck {
  readonly textVerified: boolean;
  readonly textDetail: string;
}

/** The document with the facts of the session as they are now (agents and processes may have joined late). */
export function describe(document: Snapshot, facts: SessionInfo, checks: ReadonlyMap<string, TextCheck>): Snapshot {
  return {
    ...document,
    pids: [...facts.pids],
    agent: facts.agents.join(', '),
    agents: facts.parts.map(({ agentId, state, reason }) => ({ agent_id: agentId, state, ...(reason && { reason }) })),
    build_ids: [...facts.buildIds],
    refused: facts.refused.map(({ function: name, code, reason, pid }) => ({
      function: name,
      code,
      reason,
      ...(pid > 0 && { pid }),
    })),
    ...textOf(checks),
  };
}

/** Verified only if every agent that ended its part says so. */
function textOf(checks: ReadonlyMap<string, TextCheck>): Pick<Snapshot, 'text_verified' | 'text_detail'> {
  if (checks.size === 0) return {};
  const all = [...checks.values()];
  const detail = [...new Set(all.map((check) => check.textDetail).filter((text) => text !== ''))].join('; ');
  return { text_verified: all.every((check) => check.textVerified), ...(detail && { text_detail: detail }) };
}
