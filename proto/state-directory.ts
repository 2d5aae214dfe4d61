/** Where a user's history and the screen's memory lie. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `$CORAL_STATE_DIR`, else `$XDG_STATE_HOME/coral`, else `~/.local/state/coral`; an empty variable counts as unset. Absolute: the private pair runs elsewhere. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  if (environment.CORAL_STATE_DIR) return resolve(environment.CORAL_STATE_DIR);
  return resolve(environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state'), 'coral');
}
