/** WatchSession: of a session that runs, that is remembered, or that the history holds. */

import type { WatchSessionRequest, WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
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
  if (session === undefined) {
    outlet.write({ update: { $case: 'snapshot', value: await snapshotOf(request.sessionId, world) } });
    return;
  }
  const leave = world.attendance.enter(session);
  try {
    await watchSession(session, request, outlet);
  } finally {
    leave();
  }
}
