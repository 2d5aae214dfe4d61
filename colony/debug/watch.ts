/** WatchSession: of a session that runs, that is remembered, or that the history holds. */

import type { WatchSessionRequest, WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';
import { rfc3339ToTimestamp } from '../../snapshots/times/times.js';
import { watchSession } from '../sessions/watch-session.js';
import type { Outlet } from '../wire/rpc.js';
import { snapshotOf } from './past.js';
import type { DebugWorld } from './world.js';

export async function watch(
  request: WatchSessionRequest,
  outlet: Outlet<WatchSessionResponse>,
  world: DebugWorld,
): Promise<void> {
  const session = world.sessions.get(request.sessionId);
  if (session === undefined) return showPast(await snapshotOf(request.sessionId, world), outlet);
  const leave = world.attendance.enter(session);
  try {
    await watchSession(session, request, outlet);
  } finally {
    leave();
  }
}

function showPast(snapshot: Buffer, outlet: Outlet<WatchSessionResponse>): void {
  outlet.write({ update: { $case: 'session', value: infoOf(JSON.parse(snapshot.toString()) as Snapshot) } });
  outlet.write({ update: { $case: 'snapshot', value: snapshot } });
}

/** What a document still says of how its session was armed. */
function infoOf(document: Snapshot): SessionInfo {
  return SessionInfo.fromPartial({
    sessionId: document.session_id,
    service: document.service,
    pids: document.pids,
    buildIds: document.build_ids,
    startedAt: rfc3339ToTimestamp(document.started_at),
    expiresAt: rfc3339ToTimestamp(document.ended_at),
    functions: document.functions.map(({ name, file, line, language }) => ({
      name,
      file: file ?? '',
      line: line ?? 0,
      language,
    })),
    refused: document.refused,
    requestedBy: document.requested_by ?? '',
  });
}
