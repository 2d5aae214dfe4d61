/** Rows of debug_sessions and the documents of ended sessions. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import type { Database } from './database.js';
import { writeDocument } from './documents.js';

const UPSERT = `INSERT INTO debug_sessions VALUES
  ($1, $2, $3, $4, make_timestamptz($5::BIGINT // 1000), make_timestamptz($6::BIGINT // 1000), make_timestamptz($7::BIGINT // 1000), $8, $9, $10, $11, $12, $5, $6, $7)
  ON CONFLICT (session_id) DO UPDATE SET
    agent_id = excluded.agent_id, expires_at = excluded.expires_at, expires_ns = excluded.expires_ns,
    detached_at = excluded.detached_at, detached_ns = excluded.detached_ns, status = excluded.status,
    event_count = excluded.event_count, function_name = excluded.function_name, functions = excluded.functions, pids = excluded.pids`;

/** Writes a session as it stands. */
export async function writeSession(database: Database, session: DebugSession): Promise<void> {
  const { startedAt, expiresAt, endedAt } = session;
  await database.run(UPSERT, [
    session.sessionId,
    session.serviceName,
    session.functionName,
    session.agentId,
    startedAt === undefined ? 0n : timestampToNs(startedAt),
    expiresAt === undefined ? 0n : timestampToNs(expiresAt),
    endedAt === undefined ? null : timestampToNs(endedAt),
    session.status,
    BigInt(session.eventCount),
    session.requestedBy,
    JSON.stringify(session.functions),
    JSON.stringify(session.pids),
  ]);
}

/** Writes an ended session and its document, replacing what was there. */
export async function writeEnd(database: Database, session: DebugSession, snapshot: Uint8Array): Promise<void> {
  const json = Buffer.from(snapshot).toString('utf8');
  await database.transaction(async () => {
    await writeSession(database, session);
    await writeDocument(database, session.sessionId, json);
  });
}

/**
 * Sessions that were running when their colony was killed have been interrupted, at their last tick as far as is known;
 * one that is taken up again is written as active again.
 */
export async function endAbandoned(database: Database, abandoned: readonly DebugSession[]): Promise<void> {
  for (const session of abandoned) await writeSession(database, { ...session, status: 'active' });
  await database.run(`UPDATE debug_sessions SET status = 'interrupted', detached_ns = last.ns, detached_at = make_timestamptz(last.ns // 1000)
    FROM (SELECT s.session_id AS id, max(t.ts_ns) AS ns FROM debug_sessions s LEFT JOIN ticks t USING (session_id)
      WHERE s.status = 'active' GROUP BY s.session_id) AS last
    WHERE session_id = last.id`);
}
