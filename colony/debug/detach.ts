/** DetachUprobe: one session, those of a service, or all. */

import { CoralError } from '../../proto/errors.js';
import type { DetachUprobeRequest, DetachUprobeResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { closeSession } from '../sessions/close-session.js';
import { debugSession } from '../sessions/debug-session.js';
import type { Session } from '../sessions/session.js';
import { openSessionOf } from './open.js';
import { demandKnown, sessionsOf } from './sessions-of.js';
import type { DebugWorld } from './world.js';

/** Ends the named sessions and says what each counted; resolves when their probes are off. */
export async function detach(request: DetachUprobeRequest, world: DebugWorld): Promise<DetachUprobeResponse> {
  const chosen = choose(request, world);
  if (chosen.length === 0) await demandKnown(request.serviceName, world);
  const reason = request.interrupted ? 'interrupted' : 'detached';
  await Promise.all(chosen.map((session) => closeSession(session, reason, world.fleet)));
  return { success: chosen.every((session) => session.ended), sessions: chosen.map(debugSession) };
}

function choose(request: DetachUprobeRequest, world: DebugWorld): Session[] {
  if (request.sessionId !== '') return [ofService(openSessionOf(request.sessionId, world), request.serviceName, world)];
  if (!request.all) {
    throw new CoralError('USAGE', 'neither a session nor all sessions were named', 'give --session-id ID or --all');
  }
  const isAsked = sessionsOf(request.serviceName, world);
  return world.sessions.open.filter((session) => isAsked(debugSession(session)));
}

function ofService(session: Session, serviceName: string, world: DebugWorld): Session {
  if (sessionsOf(serviceName, world)(debugSession(session))) return session;
  throw new CoralError(
    'SESSION_NOT_FOUND',
    `session ${session.id} is of ${session.info.service}, not of ${serviceName}`,
    '`coral debug list` shows the sessions',
    { session_id: session.id, service: session.info.service },
  );
}
