/** What runs now: an agent's own list may be a second old, and a process that was just started is missing in it. */

import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import type { DebugWorld } from './world.js';

/** How long agents may take to look at their processes; the list of one that takes longer stays as it was. */
const LOOK_TIMEOUT_MS = 2000;

/** All services, after every linked agent (there may be none) has looked at its processes again; see ListNow for `hasty`. */
export async function freshServices({ fleet }: DebugWorld, how: { hasty: boolean }): Promise<Service[]> {
  const linked = fleet.agents.filter((agent) => agent.linked);
  await Promise.all(linked.map((agent) => agent.listNow(how, LOOK_TIMEOUT_MS)));
  return fleet.services();
}
