/** What the workbench remembers from one start to the next, apart from any configuration. */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '../proto/make-directory.js';
import { type Memory, type Sort, type State, VIEWS } from './state/state.js';

const NOTHING: Memory = { sorts: {} };

/** Reads the file; one that is missing or not ours is nothing remembered. */
export function recall(path: string): Memory {
  try {
    return checked(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return NOTHING;
  }
}

/** Writes what is worth remembering. A directory that cannot be written forgets; that is no reason to fail at leaving. */
export function remember(path: string, state: State): void {
  const memory: Memory = { ...(state.service === undefined ? {} : { service: state.service }), sorts: state.sorts };
  try {
    makeDirectory(dirname(path));
    writeFileSync(path, JSON.stringify(memory), { mode: 0o600 });
  } catch {
    // Read-only home, full disk: the next start begins afresh.
  }
}

function checked(value: unknown): Memory {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { service, sorts } = value as { service?: unknown; sorts?: Record<string, unknown> };
  const known = VIEWS.filter((view) => isSort(sorts?.[view])).map((view) => [view, sorts?.[view]]);
  return { ...(typeof service === 'string' ? { service } : {}), sorts: Object.fromEntries(known) as Memory['sorts'] };
}

const isSort = (value: unknown): value is Sort =>
  typeof value === 'object' &&
  value !== null &&
  'column' in value &&
  'descending' in value &&
  typeof value.column === 'string' &&
  typeof value.descending === 'boolean';
