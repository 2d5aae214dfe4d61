/** The directory of one user's sockets, which nobody else can read. */

import { chmodSync, lstatSync } from 'node:fs';
import { CoralError } from './errors.js';
import { makeDirectory } from './make-directory.js';

/** `others`: an agent that root runs for a user (sudo) takes that user's directory as it is. */
export interface Claim {
  uid?: number;
  others?: boolean;
}

/** Makes the directory, mode 0700; throws NO_PERMISSION where it cannot be made, is no directory or is another user's. */
export function claimDirectory(directory: string, { uid = process.getuid?.() ?? 0, others = false }: Claim = {}): void {
  try {
    makeDirectory(directory);
    const stat = lstatSync(directory);
    if (!stat.isDirectory()) throw directoryRefused(directory, 'it is not a directory');
    if (stat.uid === uid) chmodSync(directory, 0o700);
    else if (!others) throw directoryRefused(directory, `it is owned by uid ${stat.uid}, not by uid ${uid}`);
  } catch (cause) {
    if (cause instanceof CoralError) throw cause;
    throw directoryRefused(directory, (cause as Error).message, cause);
  }
}

export function directoryRefused(directory: string, why: string, cause?: unknown): CoralError {
  return new CoralError(
    'NO_PERMISSION',
    `the runtime directory ${directory} cannot be used: ${why}`,
    'set CORAL_RUNTIME_DIR to a directory of your own',
    { directory },
    { cause },
  );
}
