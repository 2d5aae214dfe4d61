/** Sessions as DebugService lists them. */

import type { DebugSession, ListDebugSessionsRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import { debugSession } from '../sessions/debug-session.js';
import { demandKnown, sessionsOf } from './sessions-of.js';
import type { DebugWorld } from './world.js';

const ENDED_LISTED = 50;

/** Open sessions, and with `include_ended` the ended ones of memory and history, newest first; SERVICE_NOT_FOUND for a mistyped service. */
export async function listSessions(request: ListDebugSessionsRequest, world: DebugWorld): Promise<DebugSession[]> {
  const known = world.sessions.all.filter((session) => session.isArmed || session.ended).map(debugSession);
  const past = request.includeEnded ? await world.history.endedSessions(request.serviceName, request.limit || ENDED_LISTED) : [];
  const open = known.filter((session) => session.status === 'active');
  const ended = byId([...known.filter((session) => session.status !== 'active'), ...past]);
  const listed = [...open, ...(request.includeEnded ? ended.slice(0, request.limit || ENDED_LISTED) : [])];
  const asked = listed.filter(sessionsOf(request.serviceName, world)).sort(newestFirst);
  if (asked.length === 0) await demandKnown(request.serviceName, world);
  return asked;
}

const byId = (sessions: readonly DebugSession[]): DebugSession[] =>
  [...new Map(sessions.toReversed().map((session) => [session.sessionId, session])).values()].sort(newestFirst);

/** Ids sort by time. */
const newestFirst = (a: DebugSession, b: DebugSession): number => (a.sessionId < b.sessionId ? 1 : -1);
