/**
 * Documents of ended sessions, in parts. DuckDB reads and rewrites two thousand rows at a time and needs memory for all of their
 * values: two hundred whole documents of sessions on a thousand functions were more than it may have, and ended the history.
 */

import { BOOLEAN, UINTEGER, VARCHAR } from '@duckdb/node-api';
import type { Database } from './database.js';

/** DuckDB packs texts of up to 4096 bytes. */
const PART_CHARACTERS = 4000;

/** Writes a session's document in place of what was there; to be called within a transaction. */
export async function writeDocument(database: Database, sessionId: string, json: string): Promise<void> {
  const values = hasValues(json);
  await database.run('DELETE FROM snapshot_parts WHERE session_id = $1', [sessionId]);
  await database.appendRows(
    'snapshot_parts',
    [VARCHAR, UINTEGER, BOOLEAN, VARCHAR],
    partsOf(json).map((part, at) => [sessionId, at, values, part]),
  );
}

/** The document of a session; undefined: not kept. */
export async function readDocument(database: Database, sessionId: string): Promise<string | undefined> {
  const parts = await database.rows('SELECT json FROM snapshot_parts WHERE session_id = $1 ORDER BY part', [sessionId]);
  return parts.length === 0 ? undefined : parts.map(({ json }) => String(json)).join('');
}

const hasValues = (json: string): boolean => json.includes('"arguments":[') || json.includes('"results":[');

/** At least one. None ends between the halves of a character beyond 16 bits. */
function partsOf(json: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < json.length || parts.length === 0; ) {
    const full = at + PART_CHARACTERS;
    const end = isFirstHalf(json.charCodeAt(full - 1)) ? full - 1 : full;
    parts.push(json.slice(at, end));
    at = end;
  }
  return parts;
}

const isFirstHalf = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
