/** QueryHistory, and documents of sessions that memory no longer holds. */

import type { QueryHistoryRequest, QueryHistoryResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import { snapshotBytes } from '../sessions/debug-session.js';
import { sessionNotFound } from './open.js';
import { demandKnown, namesOf } from './sessions-of.js';
import type { DebugWorld } from './world.js';

const DEFAULT_LIMIT = 20;

/** What past sessions of a service measured; SERVICE_NOT_FOUND for a mistyped one. */
export async function queryHistory(request: QueryHistoryRequest, world: DebugWorld): Promise<QueryHistoryResponse> {
  for (const service of namesOf(request.serviceName, world)) {
    const entries = await world.history.query({
      service,
      functionPattern: request.functionName,
      sinceNs: request.since === undefined ? 0n : timestampToNs(request.since),
      limit: request.limit || DEFAULT_LIMIT,
    });
    if (entries.length > 0) return { entries };
  }
  if (world.history.error === '') await demandKnown(request.serviceName, world);
  return { entries: [] };
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
