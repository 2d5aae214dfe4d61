/** OpenSession and UpdateSession. */

import { CoralError } from '../../proto/errors.js';
import type {
  OpenSessionRequest,
  OpenSessionResponse,
  UpdateSessionRequest,
  UpdateSessionResponse,
} from '../../proto/gen/coral/colony/v1/debug.js';
import { resolveService, type Target } from '../resolve/resolve-service.js';
import { closeSession } from '../sessions/close-session.js';
import { openSession } from '../sessions/open-session.js';
import type { Session } from '../sessions/session.js';
import { updateSession } from '../sessions/update-session.js';
import type { CallContext } from '../wire/rpc.js';
import { freshServices } from './fresh-services.js';
import type { DebugWorld } from './world.js';

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
  return new CoralError('SESSION_NOT_FOUND', `session ${sessionId}: ${why}`, '`coral debug list --ended` shows the sessions', {
    session_id: sessionId,
  });
}

/** The processes of a service as they are now: a call of any of them counts once the session is said to be armed. */
async function findTarget(request: OpenSessionRequest, world: DebugWorld): Promise<Target> {
  await world.fleet.ready(world.agentWaitMs);
  return resolveService(await freshServices(world, { hasty: true }), request.serviceName, request.pids, request.functions);
}
