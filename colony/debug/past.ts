/** QueryHistory, and documents of sessions that memory no longer holds. */

import type { QueryHistoryRequest, QueryHistoryResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import { snapshotBytes } from '../sessions/debug-session.js';
import { sessionNotFound } from './open.js';
import type { DebugWorld } from './world.js';

const DEFAULT_LIMIT = 20;

export async function queryHistory(request: QueryHistoryRequest, { history }: DebugWorld): Promise<QueryHistoryResponse> {
  const entries = await history.query({
    service: request.serviceName,
    functionPattern: request.functionName,
    sinceNs: request.since === undefined ? 0n : timestampToNs(request.since),
    limit: request.limit || DEFAULT_LIMIT,
  });
  return { entries };
}

/** The document of a session as it stands or stood at its end; throws SESSION_NOT_FOUND. */
export async function snapshotOf(sessionId: string, { sessions, history }: DebugWorld): Promise<Buffer> {
  const session = sessions.get(sessionId);
  if (session !== undefined) return snapshotBytes(session);
  const stored = await history.snapshot(sessionId);
  if (stored !== undefined) return stored;
  throw sessionNotFound(
    sessionId,
    history.error === '' ? 'no such session is known' : `not in memory, and there is no history: ${history.error}`,
  );
}
