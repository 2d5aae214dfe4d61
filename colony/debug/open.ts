/** OpenSession and UpdateSession. */

import { CoralError } from '../../proto/errors.js';
import type {
  OpenSessionRequest,
  OpenSessionResponse,
  UpdateSessionRequest,
  UpdateSessionResponse,
} from '../../proto/gen/coral/colony/v1/debug.js';
import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { resolveService, type Target } from '../resolve/resolve-service.js';
import { closeSession } from '../sessions/close-session.js';
import { openSession } from '../sessions/open-session.js';
import type { Session } from '../sessions/session.js';
import { updateSession } from '../sessions/update-session.js';
import type { CallContext } from '../wire/rpc.js';
import type { DebugWorld } from './world.js';

/** How long agents may take to look at their processes anew. */
const LIST_TIMEOUT_MS = 3000;

/** Opens a session; an attended one whose caller has gone before the answer is ended again. */
export async function open(request: OpenSessionRequest, context: CallContext, world: DebugWorld): Promise<OpenSessionResponse> {
  const target = await findTarget(request, world);
  const answer = await openSession(request, target, world);
  const session = world.sessions.get(answer.session?.sessionId ?? '');
  if (session === undefined) return answer;
  if (request.attended && context.signal.aborted) await closeSession(session, 'interrupted', world.fleet);
  else world.attendance.opened(session);
  return answer;
}

/** Changes a running session on all its agents. */
export async function update(request: UpdateSessionRequest, world: DebugWorld): Promise<UpdateSessionResponse> {
  const session = openSessionOf(request.sessionId, world);
  await updateSession(session, request, world.fleet, world.rules);
  return { session: session.info };
}

/** The running session of an id; throws SESSION_NOT_FOUND. */
export function openSessionOf(sessionId: string, world: DebugWorld): Session {
  const session = world.sessions.get(sessionId);
  if (session !== undefined && !session.ended) return session;
  throw sessionNotFound(sessionId, session === undefined ? 'no such session is known' : 'it has ended');
}

/** The error for a session that is not there, naming those that are. */
export function sessionNotFound(sessionId: string, why: string): CoralError {
  return new CoralError('SESSION_NOT_FOUND', `session ${sessionId}: ${why}`, '`coral debug list` shows the sessions', {
    session_id: sessionId,
  });
}

/** The processes of a service; one that nobody knows yet may have started just now, so the agents look again. */
async function findTarget(request: OpenSessionRequest, world: DebugWorld): Promise<Target> {
  await world.fleet.ready(world.agentWaitMs);
  try {
    return resolveService(world.fleet.services(), request.serviceName, request.pids);
  } catch {
    return resolveService(await freshServices(world), request.serviceName, request.pids);
  }
}

/** All services, after every linked agent has looked at its processes again. */
export async function freshServices(world: DebugWorld): Promise<Service[]> {
  const linked = world.fleet.agents.filter((agent) => agent.linked);
  await Promise.all(linked.map((agent) => agent.listNow(LIST_TIMEOUT_MS)));
  return world.fleet.services();
}
