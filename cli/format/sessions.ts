/** Sessions: `coral debug list`, and what is told of sessions that ended unseen. Pure. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';
import { timestampToNs, timestampToRfc3339 } from '../../snapshots/times/times.js';
import { formatTable, printable } from './table.js';
import { formatSpan } from './units.js';

/** The contract's JSON: `{"sessions":[…]}`. */
export function sessionsJson(sessions: readonly DebugSession[]): string {
  return `${JSON.stringify({ sessions: sessions.map(sessionRow) })}\n`;
}

/** One row a session; times relative to `nowNs` (Unix). */
export function sessionsTable(sessions: readonly DebugSession[], nowNs: bigint): string {
  if (sessions.length === 0) return 'No debug sessions.\n';
  const titles = ['SESSION', 'SERVICE', 'FUNCTION', 'AGENT', 'STATUS', 'STARTED', 'EXPIRES', 'BY'];
  return formatTable(
    titles.map((title) => ({ title })),
    sessions.map((session) => [
      session.sessionId,
      session.serviceName,
      functionsText(session),
      session.agentId,
      session.status,
      `${formatSpan(secondsBetween(session.startedAt, nowNs))} ago`,
      session.status === 'active' ? `in ${formatSpan(-secondsBetween(session.expiresAt, nowNs))}` : '-',
      session.requestedBy,
    ]),
  );
}

/** What `coral debug detach` ended. */
export function detachedText(sessions: readonly DebugSession[]): string {
  if (sessions.length === 0) return 'No session was running.\n';
  return sessions
    .map((session) => `Detached ${session.sessionId}: ${printable(`${functionsText(session)} of ${session.serviceName}`)}\n`)
    .join('');
}

/** What is told once of a session that a kill or crash ended. */
export function unreportedEnd(session: DebugSession): string {
  return `coral: session ${session.sessionId} on ${printable(session.serviceName)} ended: ${session.status}`;
}

function functionsText({ functions, functionName }: DebugSession): string {
  return functions.length > 1 ? `${functionName} +${functions.length - 1}` : functionName;
}

/** A session as scripts read it. */
export function sessionRow(session: DebugSession) {
  return {
    session_id: session.sessionId,
    service: session.serviceName,
    function: session.functionName,
    functions: session.functions,
    agent: session.agentId,
    pids: session.pids,
    started_at: timeText(session.startedAt),
    expires_at: timeText(session.expiresAt),
    ended_at: timeText(session.endedAt),
    status: session.status,
    requested_by: session.requestedBy,
    event_count: session.eventCount,
  };
}

/** RFC 3339; undefined leaves the key out. */
const timeText = (time: Timestamp | undefined): string | undefined => time && timestampToRfc3339(time);

function secondsBetween(then: Timestamp | undefined, nowNs: bigint): number {
  return then ? Number(nowNs - timestampToNs(then)) / 1e9 : 0;
}
