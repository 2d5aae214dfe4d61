/** What is too old is deleted: single calls and captured values first, sessions later. */

import type { Snapshot } from '../../snapshots/document.js';
import type { Database } from './database.js';
import { readDocument, writeDocument } from './documents.js';

/** Unix times, ns; what is older goes. */
export interface Cutoffs {
  readonly eventsNs: bigint;
  readonly sessionsNs: bigint;
}

/** Deletes, and gives the space back to the file's free list. */
export async function sweep(database: Database, { eventsNs, sessionsNs }: Cutoffs): Promise<void> {
  await stripValues(database, eventsNs);
  await database.transaction(async () => {
    for (const table of ['calls', 'call_values']) await database.run(`DELETE FROM ${table} WHERE at_ns < $1`, [eventsNs]);
    await database.run('DELETE FROM ticks WHERE ts_ns < $1', [sessionsNs]);
    const old = "SELECT session_id FROM debug_sessions WHERE started_ns < $1 AND status <> 'active'";
    await database.run(`DELETE FROM snapshot_parts WHERE session_id IN (${old})`, [sessionsNs]);
    await database.run(`DELETE FROM call_names WHERE session_id IN (${old}) AND id NOT IN (SELECT name FROM calls)`, [
      sessionsNs,
    ]);
    await database.run("DELETE FROM debug_sessions WHERE started_ns < $1 AND status <> 'active'", [sessionsNs]);
  });
  await database.run('CHECKPOINT');
}

/** Documents outlive the arguments and results in them. */
async function stripValues(database: Database, eventsNs: bigint): Promise<void> {
  const rows = await database.rows(
    `SELECT DISTINCT session_id FROM snapshot_parts SEMI JOIN
       (SELECT session_id FROM debug_sessions WHERE coalesce(detached_ns, expires_ns) < $1) USING (session_id)
     WHERE has_values`,
    [eventsNs],
  );
  for (const sessionId of rows.map((row) => String(row.session_id))) {
    const json = (await readDocument(database, sessionId)) ?? '';
    await database.transaction(() => writeDocument(database, sessionId, withoutValues(json)));
  }
}

function withoutValues(json: string): string {
  const document = JSON.parse(json) as Snapshot;
  const slowCalls = document.slow_calls.map(({ arguments: _, results: __, ...call }) => call);
  return JSON.stringify({ ...document, slow_calls: slowCalls });
}
