/** Files of before, where a session's document was one value of a table that is a view now. */

import type { Database } from './database.js';
import { writeDocument } from './documents.js';

/** What such a table may need to be read, and to be rewritten in a checkpoint; once. */
const MEMORY = '4GB';

/** Does nothing in other files. Begins again where it was interrupted. `usual`: the limit of memory that it leaves behind. */
export async function splitSnapshots(database: Database, usual: string): Promise<void> {
  if (!(await database.hasTable('snapshots'))) return;
  await database.run(`SET memory_limit = '${MEMORY}'`);
  for (const { session_id: id } of await database.rows('SELECT session_id FROM snapshots')) {
    const [row] = await database.rows('SELECT json FROM snapshots WHERE session_id = $1', [id!]);
    await database.transaction(() => writeDocument(database, String(id), String(row?.json)));
  }
  await database.run('DROP TABLE snapshots');
  await database.run('CHECKPOINT');
  await database.run(`SET memory_limit = '${usual}'`);
}
