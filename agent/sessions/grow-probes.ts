/** More functions, or more processes, for probes that are already armed. */

import { CoralError } from '../../proto/errors.js';
import { dropUnarmable, giveValues } from './open-probes.js';
import { type PartPlan, planPart } from './plan-part.js';
import type { Probes } from './probes.js';
import type { SessionRequest } from './request.js';
import type { World } from './world.js';

/** What of a session is to grow: patterns in processes. */
export type Growth = Pick<SessionRequest, 'pids' | 'patterns'>;

/** Plans slots that are not there yet. Nothing is armed; throws as the planning of a session does. */
export async function planGrowth(growth: Growth, request: SessionRequest, probes: Probes, world: World): Promise<PartPlan> {
  const part = await planPart({ ...request, ...growth }, world.targets, world.armedElsewhere);
  part.slots = part.slots.filter(({ plan }) => !probes.has(plan.pid, plan.name));
  giveValues(part, request, world);
  if (part.slots.length > 0) dropUnarmable(part, world.kernel);
  return part;
}

/** Throws LIMIT_EXCEEDED when the maps have no room for the slots. */
export function admitGrowth({ slots }: PartPlan, sessionId: string, probes: Probes): void {
  if (probes.fits(slots)) return;
  const free = probes.freeSlots;
  const message = `session ${sessionId} has room for ${free} more functions, ${slots.length} were asked for`;
  throw new CoralError('LIMIT_EXCEEDED', message, 'open another session for the others', {
    limit: 'slots',
    free,
    asked: slots.length,
  });
}
