/** SessionInfo out of the agents' parts: processes, builds, refusals and times gathered. Pure. */

import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { AgentPart, Refusal, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';
import { msOfTimestamp } from '../wire/times.js';

/** Adds what an agent armed, its functions apart: the ledger numbers those. */
export function withArmed(info: SessionInfo, agentId: string, armed: PartArmed): SessionInfo {
  return {
    ...info,
    pids: union(
      info.pids,
      armed.slots.map((slot) => slot.pid),
    ),
    agents: union(info.agents, [agentId]),
    buildIds: union(info.buildIds, armed.buildIds),
    refused: [...info.refused, ...armed.refused.map((refusal) => ({ ...refusal, agentId }))],
    startedAt: first(info.startedAt, armed.startedAt, (a, b) => a < b),
    expiresAt: first(info.expiresAt, armed.expiresAt, (a, b) => a > b),
  };
}

/** Sets the state of one agent's part. */
export function withPart(info: SessionInfo, part: AgentPart): SessionInfo {
  const at = info.parts.findIndex((other) => other.agentId === part.agentId);
  return { ...info, parts: at < 0 ? [...info.parts, part] : info.parts.with(at, part) };
}

/** Refusals that the session does not have yet. */
export function newRefusals(info: SessionInfo, refused: readonly Refusal[]): Refusal[] {
  return refused.filter((refusal) => !info.refused.some((other) => sameRefusal(refusal, other)));
}

const sameRefusal = (a: Refusal, b: Refusal): boolean => a.function === b.function && a.code === b.code && a.pid === b.pid;

const union = <T>(known: readonly T[], more: readonly T[]): T[] => [...new Set([...known, ...more])];

/** Of two times the one that `wins`, or the one that is there. */
function first(
  a: Timestamp | undefined,
  b: Timestamp | undefined,
  wins: (a: number, b: number) => boolean,
): Timestamp | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return wins(msOfTimestamp(b), msOfTimestamp(a)) ? b : a;
}
