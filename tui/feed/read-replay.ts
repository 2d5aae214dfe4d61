/** A snapshot file, read and checked. */

import { readFile } from 'node:fs/promises';
import { CoralError } from '../../proto/errors.js';
import { decodeSaved } from '../../snapshots/codec/saved.js';
import type { Snapshot } from '../../snapshots/document.js';

/** Throws USAGE when the file cannot be read, BAD_SNAPSHOT when it is no snapshot. */
export async function readReplay(path: string): Promise<Snapshot> {
  return decodeSaved(await bytesOf(path), path);
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CoralError(
      'USAGE',
      `--replay ${path}: ${why}`,
      'name a file that `s` in coral top or --format json wrote',
      {},
      { cause },
    );
  }
}
