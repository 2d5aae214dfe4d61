/** `s`: the session as a file in the directory where `coral top` was started, for its owner alone: it may hold captured values. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CoralError } from '../proto/errors.js';

/** Writes a new file (never over an old one) and returns its path. */
export async function writeSnapshot(directory: string, sessionId: string, json: string): Promise<string> {
  const name = `coral-${sessionId.replace(/[^\w.-]/g, '_')}-${new Date().toISOString().slice(11, 19).replaceAll(':', '')}.json`;
  const path = join(directory, name);
  try {
    await writeFile(path, json, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CoralError(
      'STORE_FAILED',
      `the snapshot was not written: ${why}`,
      'start coral top in a directory you may write',
      { path },
      { cause },
    );
  }
  return path;
}
