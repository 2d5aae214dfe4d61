/** More functions, or more processes, for probes that are already armed. */

import { CoralError } from '../../proto/errors.js';
import { armRuntimes, dropUnarmable, giveRuntimes, giveValues } from './open-probes.js';
import { type PartPlan, type PlannedSlot, planPart } from './plan/plan-part.js';
import type { Probes } from './probes/probes.js';
import type { SessionRequest } from './request.js';
import type { World } from './world.js';

/** What of a session is to grow: patterns in processes. */
export type Growth = Pick<SessionRequest, 'pids' | 'patterns'>;

/** Plans slots that are not there yet. Nothing is armed; throws as the planning of a session does. */
export async function planGrowth(growth: Growth, request: SessionRequest, probes: Probes, world: World): Promise<PartPlan> {
  const part = await planPart({ ...request, ...growth }, world.targets, world.armedElsewhere);
  part.slots = part.slots.filter(({ plan }) => !probes.has(plan.pid, plan.name));
  giveValues(part, request, world);
  giveRuntimes(part, world);
  if (!part.slots.every((slot) => isKnown(slot, probes))) dropUnarmable(part, world.kernel);
  return part;
}

/** Whether the kernel has taken the function's sites already, in another process of the same program. */
const isKnown = ({ mapped, plan }: PlannedSlot, probes: Probes): boolean =>
  probes.slots.some((slot) => slot.mapped.image === mapped.image && slot.plan.name === plan.name);

/** Arms what was planned. */
export function growProbes(part: PartPlan, request: SessionRequest, probes: Probes): void {
  part.runtimes = part.runtimes.filter(({ mapped }) => !probes.asksRuntime(mapped));
  armRuntimes(part, probes);
  probes.arm(part.slots, request, part.values);
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
