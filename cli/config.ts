/** What the environment says. The one place of this room that reads `process.env`. */

import { userInfo } from 'node:os';
import { runtimeDirectory } from '../proto/runtime-directory.js';
import { stateDirectory } from '../proto/state-directory.js';

export interface CliConfig {
  /** Colony to use instead of a private one. */
  readonly colony: string | undefined;
  readonly runtimeDir: string;
  readonly stateDir: string;
  readonly noColor: boolean;
  /** Stack traces with errors. */
  readonly debug: boolean;
  readonly user: string;
  /** Handed on to the private pair. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Reads the environment; an empty variable counts as unset. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, uid: number = process.getuid?.() ?? 0): CliConfig {
  const value = (name: string): string | undefined => environment[name] || undefined;
  const runtimeDir = runtimeDirectory(environment, uid);
  const stateDir = stateDirectory(environment);
  return {
    colony: value('CORAL_COLONY'),
    runtimeDir,
    stateDir,
    noColor: environment.NO_COLOR !== undefined && environment.NO_COLOR !== '',
    debug: value('CORAL_DEBUG') !== undefined,
    user: value('SUDO_USER') ?? value('USER') ?? loginName(uid),
    environment: { ...environment, CORAL_RUNTIME_DIR: runtimeDir, CORAL_STATE_DIR: stateDir },
  };
}

/** An account without an entry in the password file has no name. */
function loginName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${uid}`;
  }
}
