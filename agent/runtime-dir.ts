/** The directory that only its user can read: made or refused, and our pid file in it. */

import { chmodSync, lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { CoralError } from '../proto/errors.js';
import { makeDirectory } from '../proto/make-directory.js';
import { answers } from '../proto/socket-answers.js';

/** How long an agent may take from its pid file to its socket. */
const START_MS = 5000;

/** Files of a running agent. */
export interface AgentFiles {
  runtimeDir: string;
  pidPath: string;
  socketPath: string;
}

/** Takes the place of the agent here. Throws NO_PERMISSION for another's directory, USAGE when another agent runs. */
export async function claimPlace({ runtimeDir, pidPath, socketPath }: AgentFiles): Promise<void> {
  claimDirectory(runtimeDir);
  const other = runningPid(pidPath);
  // A pid alone proves nothing: after a reboot or in a new container it is soon another process's.
  if (other !== null && (isNew(pidPath) || (await answers(socketPath)))) {
    throw new CoralError(
      'USAGE',
      `an agent runs here already (process ${other}, ${pidPath})`,
      'use it, or set CORAL_RUNTIME_DIR',
      { pid: other },
    );
  }
  rmSync(socketPath, { force: true }); // left by an agent that was killed
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o644 });
}

/** Leaves nothing behind. */
export function leavePlace({ pidPath, socketPath }: AgentFiles): void {
  rmSync(socketPath, { force: true });
  if (runningPid(pidPath) === process.pid) rmSync(pidPath, { force: true });
}

function claimDirectory(directory: string): void {
  makeDirectory(directory);
  const stat = lstatSync(directory);
  const uid = process.getuid?.() ?? 0;
  if (!stat.isDirectory() || (stat.uid !== uid && uid !== 0)) {
    const message = `the runtime directory ${directory} belongs to uid ${stat.uid}, not to uid ${uid}`;
    throw new CoralError('NO_PERMISSION', message, 'set CORAL_RUNTIME_DIR to a directory of your own', { directory });
  }
  if (stat.uid === uid) chmodSync(directory, 0o700);
}

/** An agent writes its pid before it listens. */
const isNew = (pidPath: string): boolean => Date.now() - statSync(pidPath).mtimeMs < START_MS;

/** The pid in the file, if that process lives. */
function runningPid(pidPath: string): number | null {
  try {
    const pid = Number(readFileSync(pidPath, 'utf8'));
    process.kill(pid, 0);
    return pid > 0 ? pid : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? Number(readFileSync(pidPath, 'utf8')) : null;
  }
}
