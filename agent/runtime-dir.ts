/** The directory that only its user can read: made or refused, and our pid file in it. */

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { claimDirectory } from '../proto/claim-directory.js';
import { CoralError } from '../proto/errors.js';
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
  claimDirectory(runtimeDir, { others: process.getuid?.() === 0 });
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

/** Leaves nothing behind, but what the next agent has put in our place. */
export function leavePlace({ pidPath, socketPath }: AgentFiles): void {
  if (runningPid(pidPath) !== process.pid) return;
  rmSync(socketPath, { force: true });
  rmSync(pidPath, { force: true });
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
