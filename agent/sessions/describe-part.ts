/** A session's part as the colony hears of it. Pure. */

import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { FunctionPlan, Refusal, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';
import type { Calibration } from '../kernel/kernel.js';
import type { PlannedSlot } from './plan/plan-part.js';
import type { SessionRequest } from './request.js';
import { estimateHitCostNs } from './ticks/overhead.js';

/** Who arms, and when; without times it is a dry run. */
export interface PartFacts {
  sessionId: string;
  agentId: string;
  calibration: Calibration;
  startedAt?: Timestamp;
  expiresAt?: Timestamp;
}

/** What is armed, or would be. */
export function describePart(facts: PartFacts, slots: readonly PlannedSlot[], refused: readonly Refusal[]): PartArmed {
  const plans: FunctionPlan[] = slots.map((slot) => slot.plan);
  return {
    sessionId: facts.sessionId,
    slots: plans,
    refused: refused.map((refusal) => ({ ...refusal, agentId: facts.agentId })),
    startedAt: facts.startedAt,
    expiresAt: facts.expiresAt,
    buildIds: [...new Set(slots.map((slot) => slot.mapped.image.buildId))],
    estimatedHitCostNs: estimateHitCostNs(plans, facts.calibration),
  };
}

/** For a colony that has forgotten this session: `functions` are the slots. */
export function describeSession(request: SessionRequest, agentId: string, armed: PartArmed): SessionInfo {
  return {
    sessionId: request.sessionId,
    service: request.service,
    pids: request.pids,
    agents: [agentId],
    buildIds: armed.buildIds,
    startedAt: armed.startedAt,
    expiresAt: armed.expiresAt,
    functions: armed.slots,
    refused: armed.refused,
    requestedBy: request.requestedBy,
    parts: [{ agentId, state: 'armed', reason: '' }],
    countOnly: request.countOnly,
  };
}
