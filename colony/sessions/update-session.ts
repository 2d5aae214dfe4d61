/** Changing a running session: each agent changes its part, or says why not. */

import { CoralError } from '../../proto/errors.js';
import type { UpdateSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Fleet } from '../fleet/fleet.js';
import { msOfTimestamp, timestampOfMs } from '../wire/times.js';
import type { SessionRules } from './open-session.js';
import type { Session } from './session.js';

/** New functions may need a large program's index again. */
const UPDATE_TIMEOUT_MS = 45_000;

/** Throws the first refusal when no agent took the change; a refusal beside acceptances becomes a notice. */
export async function updateSession(
  session: Session,
  request: UpdateSessionRequest,
  fleet: Fleet,
  rules: SessionRules,
): Promise<void> {
  const change = { ...request, expiresAt: clamped(request, session, rules) };
  const results = await Promise.allSettled(session.runningOn.map((agentId) => updatePart(session, agentId, change, fleet)));
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as CoralError] : []));
  if (refusals.length > 0 && refusals.length === results.length) throw refusals[0];
  for (const refusal of refusals) session.notice('UPDATE_REFUSED', refusal.message);
}

async function updatePart(session: Session, agentId: string, request: UpdateSessionRequest, fleet: Fleet): Promise<void> {
  const agent = fleet.agent(agentId);
  if (agent === undefined) throw new CoralError('AGENT_UNREACHABLE', `agent ${agentId} is not known`);
  await agent.order(
    { $case: 'update', value: { request } },
    {
      timeoutMs: UPDATE_TIMEOUT_MS,
      onResult: ({ result }) => {
        if (result?.$case === 'armed') session.changed(agentId, result.value);
      },
    },
  );
}

/** No session is longer than the rules allow, counted from its start. */
function clamped({ expiresAt }: UpdateSessionRequest, session: Session, rules: SessionRules): UpdateSessionRequest['expiresAt'] {
  if (expiresAt === undefined) return undefined;
  const latestMs = msOfTimestamp(session.info.startedAt) + rules.maxDurationMs;
  return msOfTimestamp(expiresAt) > latestMs ? timestampOfMs(latestMs) : expiresAt;
}
