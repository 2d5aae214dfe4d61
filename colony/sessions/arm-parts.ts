/** Every agent of a session arms its part; whoever is late joins late. */

import { CoralError } from '../../proto/errors.js';
import type { OpenSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { OrderResult, PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Target } from '../resolve/resolve-service.js';
import { closeSession } from './close-session.js';
import type { Session } from './session.js';

/** How long an agent may take to arm; a large program's first index takes seconds. */
const ARM_TIMEOUT_MS = 45_000;

/** How long to wait for the other agents once one has armed. */
const STRAGGLER_MS = 5000;

export type PartResult = PartArmed | CoralError;

export const isArmed = (result: PartResult): result is PartArmed => !(result instanceof CoralError);

/** Orders all parts at once. @returns the results that were there in time: all, or those STRAGGLER_MS after the first armed. */
export function armParts(session: Session, request: OpenSessionRequest, target: Target, fleet: Fleet): Promise<PartResult[]> {
  return new Promise((resolve) => {
    const results: PartResult[] = [];
    let straggling: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(straggling);
      resolve([...results]);
    };
    const take = (result: PartResult): void => {
      results.push(result);
      if (results.length === target.pidsByAgent.size) finish();
      else if (isArmed(result)) straggling ??= setTimeout(finish, STRAGGLER_MS);
    };
    for (const [agentId, pids] of target.pidsByAgent) {
      const order = { sessionId: session.id, pids, request, standing: target.standing };
      void armPart(session, agentId, { $case: 'open', value: order }, fleet).then(take);
    }
  });
}

async function armPart(
  session: Session,
  agentId: string,
  order: Extract<Parameters<NonNullable<ReturnType<Fleet['agent']>>['order']>[0], { $case: 'open' }>,
  fleet: Fleet,
): Promise<PartResult> {
  session.expect(agentId);
  try {
    const onResult = (result: OrderResult): void => join(session, agentId, result, fleet);
    const result = await fleet.agent(agentId)?.order(order, { timeoutMs: ARM_TIMEOUT_MS, onResult });
    if (result?.result?.$case === 'armed') return result.result.value;
    throw new CoralError('INTERNAL', `agent ${agentId} answered an order to arm without saying what it armed`);
  } catch (error) {
    const refusal = error instanceof CoralError ? error : new CoralError('INTERNAL', String(error));
    session.refused(agentId, refusal.message);
    return refusal;
  }
}

/** A part is armed, in time or late; one whose session is over by then is closed again. */
function join(session: Session, agentId: string, { result }: OrderResult, fleet: Fleet): void {
  if (result?.$case !== 'armed') return;
  if (session.ended || session.abandoned) void closeSession(session, 'interrupted', fleet, [agentId]);
  else session.armed(agentId, result.value);
}
