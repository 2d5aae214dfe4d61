/** The pid file of a private colony. */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Whoever sees the file sees it whole. @returns what to call at the end: it removes the file if it is still ours. */
export function writePidFile(path: string): () => void {
  writeFileSync(`${path}.new`, `${process.pid}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => {
    if (readFileSync(path, 'utf8').trim() === String(process.pid)) rmSync(path);
  };
}
