/** Files of before, where debug_events was one wide table: its rows go where single calls are now. */

import type { Database } from './database.js';

const NAMES = 'session_id, agent_id, service_name, function_name';

const SPLIT = [
  'ALTER TABLE debug_events RENAME TO wide_events',
  `INSERT INTO call_names SELECT row_number() OVER () - 1 + (SELECT coalesce(max(id) + 1, 0) FROM call_names), ${NAMES}
    FROM (SELECT DISTINCT ${NAMES} FROM wide_events)`,
  `INSERT INTO calls SELECT n.id, timestamp_ns - duration_ns, duration_ns, goroutine, tid, pid, call_id, flags
    FROM wide_events JOIN call_names n USING (${NAMES})`,
  `INSERT INTO call_values SELECT n.id, call_id, timestamp_ns - duration_ns, labels['arguments'], labels['results']
    FROM wide_events JOIN call_names n USING (${NAMES}) WHERE labels IS NOT NULL`,
  'DROP TABLE wide_events',
];

/** Does nothing in other files. */
export async function splitEvents(database: Database): Promise<void> {
  if (!(await database.hasTable('debug_events'))) return;
  await database.transaction(async () => {
    for (const statement of SPLIT) await database.run(statement);
  });
}
