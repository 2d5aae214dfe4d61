/** Which sessions a user means by the name of a service. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { bearsName, matching } from '../resolve/resolve-service.js';
import { isOfService } from '../resolve/service-name.js';
import { debugSession } from '../sessions/debug-session.js';
import { freshServices } from './fresh-services.js';
import type { DebugWorld } from './world.js';

/** Tells sessions of `asked` (a service, an executable that runs as one, `pid:N`; empty: all are) from others. */
export function sessionsOf(asked: string, world: DebugWorld): (session: DebugSession) => boolean {
  const names = namesOf(asked, world);
  return (session) => names.some((name) => isOfService(session, name));
}

/** `asked` itself, then what services are called whose executable it names. */
export function namesOf(asked: string, { fleet }: DebugWorld): string[] {
  const running = asked === '' ? [] : fleet.services().filter((service) => bearsName(service, asked));
  return [...new Set([asked, ...running.map(({ service }) => service)])];
}

/** Throws SERVICE_NOT_FOUND for a name that no process bears and no session was of: it was mistyped, and that is no "none". */
export async function demandKnown(asked: string, world: DebugWorld): Promise<void> {
  if (asked === '' || world.sessions.all.map(debugSession).some(sessionsOf(asked, world))) return;
  if ((await world.history.endedSessions(asked, 1)).length > 0) return;
  matching(await freshServices(world, { hasty: true }), asked);
}
