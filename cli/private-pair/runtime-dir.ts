/** The directory that only its user can read, where the private pair's sockets and pid files lie. */

import { chmodSync, lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import { makeDirectory } from '../../proto/make-directory.js';

/** sun_path of sockaddr_un, less its closing zero. */
const MAX_SOCKET_PATH_BYTES = 107;

export interface PairPaths {
  readonly directory: string;
  readonly colonySocket: string;
  readonly agentSocket: string;
  readonly colonyPid: string;
  readonly agentPid: string;
  readonly colonyLog: string;
  readonly agentLog: string;
  readonly startLock: string;
}

/** The files of a runtime directory. */
export function pairPaths(directory: string): PairPaths {
  const file = (name: string): string => join(directory, name);
  return {
    directory,
    colonySocket: file('colony.sock'),
    agentSocket: file('agent.sock'),
    colonyPid: file('colony.pid'),
    agentPid: file('agent.pid'),
    colonyLog: file('colony.log'),
    agentLog: file('agent.log'),
    startLock: file('start.lock'),
  };
}

/** Makes the directory, mode 0700, or throws NO_PERMISSION when it is another user's or no directory. */
export function claimRuntimeDir(directory: string, uid: number): void {
  const fault = pathFault(directory);
  if (fault) throw refused(directory, fault);
  try {
    makeDirectory(directory);
    const stat = lstatSync(directory);
    const fault = runtimeDirFault(stat, uid);
    if (fault) throw refused(directory, fault);
    if ((stat.mode & 0o077) !== 0) chmodSync(directory, 0o700);
  } catch (cause) {
    if (cause instanceof CoralError) throw cause;
    throw refused(directory, (cause as Error).message, cause);
  }
}

/** What is wrong with a directory's name for our sockets, or undefined. */
export function pathFault(directory: string): string | undefined {
  const bytes = Buffer.byteLength(pairPaths(directory).colonySocket);
  return bytes > MAX_SOCKET_PATH_BYTES
    ? `the path of a socket in it would have ${bytes} bytes, and Linux takes ${MAX_SOCKET_PATH_BYTES}`
    : undefined;
}

/** What is wrong with a directory for our sockets, or undefined. */
export function runtimeDirFault(stat: Pick<Stats, 'uid' | 'isDirectory'>, uid: number): string | undefined {
  if (!stat.isDirectory()) return 'it is not a directory';
  if (stat.uid !== uid) return `it is owned by uid ${stat.uid}, not by uid ${uid}`;
  return undefined;
}

function refused(directory: string, why: string, cause?: unknown): CoralError {
  return new CoralError(
    'NO_PERMISSION',
    `the runtime directory ${directory} cannot be used: ${why}`,
    'set CORAL_RUNTIME_DIR to a directory of your own',
    { directory },
    { cause },
  );
}
