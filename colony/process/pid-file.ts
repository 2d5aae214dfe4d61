/** The runtime directory of a private colony: its pid file, and a socket that no living colony holds. */

import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CoralError } from '../../proto/errors.js';
import { makeDirectory } from '../../proto/make-directory.js';

/** Makes the directory, mode 0700; throws NO_PERMISSION when it is another user's or none. */
export function claimDirectory(directory: string): void {
  makeDirectory(directory);
  const stat = lstatSync(directory);
  const uid = process.getuid?.() ?? 0;
  if (!stat.isDirectory() || stat.uid !== uid) {
    const why = stat.isDirectory() ? `it is owned by uid ${stat.uid}, not by uid ${uid}` : 'it is not a directory';
    const message = `the runtime directory ${directory} cannot be used: ${why}`;
    throw new CoralError('NO_PERMISSION', message, 'set CORAL_RUNTIME_DIR to a directory of your own', { directory });
  }
  chmodSync(directory, 0o700);
}

/** Whoever sees the file sees it whole. @returns what to call at the end: it removes the file if it is still ours. */
export function writePidFile(path: string): () => void {
  writeFileSync(`${path}.new`, `${process.pid}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => {
    if (readFileSync(path, 'utf8').trim() === String(process.pid)) rmSync(path);
  };
}
