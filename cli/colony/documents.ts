/** Snapshot documents from where they lie: a file, or the colony. */

import { existsSync, readFileSync } from 'node:fs';
import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import { decodeSnapshot } from '../../snapshots/codec/codec.js';
import { decodeSaved } from '../../snapshots/codec/saved.js';
import type { Snapshot } from '../../snapshots/document.js';
import { sessionIdOf } from './session-id.js';

/** The document in a file; undefined when there is no such file. Throws BAD_SNAPSHOT that names it and the fault. */
export function readDocument(path: string): Snapshot | undefined {
  return existsSync(path) ? decodeSaved(readBytes(path), path) : undefined;
}

/** The document of a session, running or past, by its id or a part of it. */
export async function snapshotOfSession(colony: Colony, typed: string): Promise<Snapshot> {
  const sessionId = await sessionIdOf(colony, typed, { ended: true });
  return decodeSnapshot((await colony.getSnapshot({ sessionId })).snapshot);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CoralError(
      'BAD_SNAPSHOT',
      `${path} cannot be read: ${(cause as Error).message}`,
      'give a snapshot file',
      { path },
      { cause },
    );
  }
}
