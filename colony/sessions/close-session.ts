/** Ending a session by order: every agent closes its part; one that cannot be reached counts as lost. */

import type { EndReason } from '../../snapshots/document.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Session } from './session.js';

/** How long an agent may take to detach and say its last word. */
const CLOSE_TIMEOUT_MS = 5000;

/** Resolves when the session has ended (or, with `agentIds`, when those were told). */
export async function closeSession(
  session: Session,
  reason: EndReason,
  fleet: Fleet,
  agentIds: readonly string[] = session.runningOn,
): Promise<void> {
  const ended = whenEnded(session);
  await Promise.all(agentIds.map((agentId) => closePart(session, agentId, reason, fleet)));
  await Promise.race([ended.promise, ended.timeout]);
  ended.clear();
  for (const agentId of session.runningOn) session.partLost(agentId, `it did not end its part within ${CLOSE_TIMEOUT_MS} ms`);
}

async function closePart(session: Session, agentId: string, reason: EndReason, fleet: Fleet): Promise<void> {
  const order = fleet
    .agent(agentId)
    ?.order({ $case: 'close', value: { sessionId: session.id, reason } }, { timeoutMs: CLOSE_TIMEOUT_MS });
  await order?.catch((error: Error) => session.partLost(agentId, error.message));
}

function whenEnded(session: Session): { promise: Promise<void>; timeout: Promise<void>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  const promise = new Promise<void>((resolve) => {
    if (session.ended || session.runningOn.length === 0) resolve();
    else session.once('ended', resolve);
  });
  return { promise, timeout, clear: () => clearTimeout(timer) };
}
