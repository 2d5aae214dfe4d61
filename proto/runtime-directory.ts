/** Where commands, agent and colony of one user meet: sockets and pid files of the private pair. */

import { resolve } from 'node:path';

/** `$CORAL_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/coral`, else `/tmp/coral-UID`; an empty variable counts as unset. Absolute: the private pair runs elsewhere. */
export function runtimeDirectory(environment: NodeJS.ProcessEnv, uid: number = process.getuid?.() ?? 0): string {
  if (environment.CORAL_RUNTIME_DIR) return resolve(environment.CORAL_RUNTIME_DIR);
  return environment.XDG_RUNTIME_DIR ? resolve(environment.XDG_RUNTIME_DIR, 'coral') : `/tmp/coral-${uid}`;
}
