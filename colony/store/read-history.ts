/** Questions to the history. */

import type { DebugSession, HistoryEntry } from '../../proto/gen/coral/colony/v1/debug.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { pidOf } from '../resolve/service-name.js';
import type { Database } from './database.js';
import { readDocument } from './documents.js';
import { functionPattern } from './function-pattern.js';
import type { HistoryQuestion } from './ports.js';

const COLUMNS = `session_id, service_name, function_name, agent_id, started_ns, expires_ns, detached_ns, status, event_count,
  requested_by, functions, pids`;

/** The sessions of a service, its name as $2, or of a process, $3 (else null). `pids` is a JSON array of numbers. */
const OF_SERVICE = `($2 = '' OR service_name = $2 OR (',' || trim(pids, '[]') || ',') LIKE ('%,' || $3::VARCHAR || ',%'))`;

const ofService = (asked: string): [string, string | null] => [asked, pidOf(asked)?.toString() ?? null];

/** The newest sessions that probed a function, with their documents. */
export async function queryHistory(database: Database, question: HistoryQuestion): Promise<HistoryEntry[]> {
  const { service, sinceNs, limit } = question;
  const fits = functionPattern(question.functionPattern);
  const rows = await database.rows(
    `SELECT ${COLUMNS} FROM debug_sessions SEMI JOIN snapshot_parts USING (session_id)
     WHERE started_ns >= $1 AND ${OF_SERVICE} ORDER BY started_ns DESC`,
    [sinceNs, ...ofService(service)],
  );
  const sessions = rows.map(sessionOf).filter(({ functions }) => functions.some(fits));
  const entries = sessions.slice(0, limit).map(async (session) => ({
    session,
    snapshot: (await readSnapshot(database, session.sessionId)) ?? Buffer.alloc(0),
  }));
  return Promise.all(entries);
}

/** Ended sessions, newest first; service empty: all. */
export async function readEnded(database: Database, service: string, limit: number): Promise<DebugSession[]> {
  const rows = await database.rows(
    `SELECT ${COLUMNS} FROM debug_sessions WHERE status <> 'active' AND ${OF_SERVICE}
     ORDER BY started_ns DESC LIMIT $1`,
    [BigInt(limit), ...ofService(service)],
  );
  return rows.map(sessionOf);
}

/** The document of a session; undefined: not kept. */
export async function readSnapshot(database: Database, sessionId: string): Promise<Buffer | undefined> {
  const json = await readDocument(database, sessionId);
  return json === undefined ? undefined : Buffer.from(json);
}

function sessionOf(row: Record<string, unknown>): DebugSession {
  const at = (column: string) => (row[column] === null ? undefined : nsToTimestamp(row[column] as bigint));
  return {
    sessionId: String(row.session_id),
    serviceName: String(row.service_name),
    functionName: String(row.function_name),
    agentId: String(row.agent_id),
    startedAt: at('started_ns'),
    expiresAt: at('expires_ns'),
    status: String(row.status),
    eventCount: Number(row.event_count),
    functions: JSON.parse(String(row.functions)) as string[],
    pids: JSON.parse(String(row.pids)) as number[],
    requestedBy: String(row.requested_by),
    endedAt: at('detached_ns'),
  };
}
