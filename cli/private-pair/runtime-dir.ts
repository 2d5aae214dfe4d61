/** The directory that only its user can read, where the private pair's sockets and pid files lie. */

import { join } from 'node:path';
import { claimDirectory, directoryRefused } from '../../proto/claim-directory.js';

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

/** Makes the directory, mode 0700; throws NO_PERMISSION when it is another user's, no directory, or too long a name for our sockets. */
export function claimRuntimeDir(directory: string, uid: number): void {
  const bytes = Buffer.byteLength(pairPaths(directory).colonySocket);
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    const why = `the path of a socket in it would have ${bytes} bytes, and Linux takes ${MAX_SOCKET_PATH_BYTES}`;
    throw directoryRefused(directory, why);
  }
  claimDirectory(directory, { uid });
}
