/** From a request to armed probes, or to the refusal that says why not. */

import type { Refusal } from '../../proto/gen/coral/live/v1/live.js';
import type { ValueWishes } from '../captures/value-wishes.js';
import type { Kernel } from '../kernel/kernel.js';
import { KernelError } from '../kernel/kernel-error.js';
import { admitMemory } from './limits/limits.js';
import { estimateMemoryBytes, sizeMaps } from './limits/memory.js';
import { hasExited, insistOnSlots, type PartPlan, type PlannedSlot, planPart } from './plan/plan-part.js';
import { planValues, type SlotValues } from './plan/plan-values.js';
import { planRuntimes } from './plan/runtime-sites.js';
import { Probes } from './probes/probes.js';
import type { SessionRequest } from './request.js';
import type { World } from './world.js';

/** The plan of a request, checked against the limits. Nothing is armed. */
export async function planProbes(request: SessionRequest, world: World): Promise<PartPlan> {
  const part = await planPart(request, world.targets, world.armedElsewhere);
  giveValues(part, request, world);
  insistOnSlots(part, request.requireAll);
  giveRuntimes(part, world);
  admitMemory(estimateMemoryBytes(mapsFor(part, request)), world.usedMemoryBytes(), world.limits);
  return part;
}

/** Plans the values of a plan's calls. Functions whose filter cannot be evaluated are refused. */
export function giveValues(part: PartPlan, wishes: ValueWishes, { targets }: World): void {
  const { values, refused, notices } = planValues(part.slots, wishes, targets);
  part.notices.push(...notices);
  const refusals = new Map([...refused].map(([index, refusal]) => [functionOf(part.slots[index]!), refusal]));
  part.refused.push(...refusals.values());
  part.values = values.filter((each, index) => each !== null && !refusals.has(functionOf(part.slots[index]!))) as SlotValues[];
  part.slots = part.slots.filter((slot) => !refusals.has(functionOf(slot)));
}

/** All bodies of a function are refused with one of them: the count of the others would be of some calls only. */
const functionOf = ({ plan: { pid, name } }: PlannedSlot): string => `${pid} ${name}`;

/** Plans what a plan's processes are asked beside their functions: waiting, and calls that were left. */
export function giveRuntimes(part: PartPlan, { targets, armedElsewhere }: World): void {
  const { runtimes, notices } = planRuntimes(part.slots, targets, armedElsewhere);
  part.runtimes = runtimes;
  part.notices.push(...notices);
}

/** Arms a plan. What the kernel refuses moves to `part.refused`, and the rest is armed anew. PROCESS_NOT_FOUND: all processes have ended. */
export function armProbes(part: PartPlan, request: SessionRequest, world: World): Probes {
  for (;;) {
    const maps = { ...mapsFor(part, request), maxCallsPerSecond: world.limits.maxEventsPerSecond };
    const probes = new Probes(world.maps.open(maps));
    try {
      armRuntimes(part, probes);
      const refusals = probes.arm(part.slots, request, part.values);
      if (!probes.isArmed) throw hasExited(part.slots[0]!.plan.pid);
      if (refusals.size === 0) return probes;
      dropRefused(part, refusals);
      insistOnSlots(part, request.requireAll);
    } catch (error) {
      probes.session.close();
      throw error;
    }
    probes.session.close();
  }
}

/** Without them a session is still worth having: what the kernel refuses becomes a notice. */
export function armRuntimes(part: PartPlan, probes: Probes): void {
  for (const runtime of part.runtimes) {
    try {
      probes.armRuntime(runtime);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const { pid, image } = runtime.mapped;
      const missing = image.go === null ? 'calls that an exception leaves are told late' : 'waiting is not measured';
      part.notices.push(`${missing} in process ${pid}: ${error.message}`);
    }
  }
}

/** Arms the slots on counters that nobody sees, to learn which ones the kernel refuses. */
export function dropUnarmable(part: PartPlan, kernel: Kernel): void {
  const sites = part.slots.reduce((sum, slot) => sum + slot.sites.length, 0);
  const capacity = { slots: part.slots.length, sites, stacks: 16, nodes: 16, ringBytes: 65_536, maxSlow: 1 };
  const trial = new Probes({ session: kernel.open(capacity), capacity });
  try {
    dropRefused(part, trial.arm(part.slots, { sampleRate: 0, slowerThanNs: 0 }));
  } finally {
    trial.session.close();
  }
}

function dropRefused(part: PartPlan, refusals: ReadonlyMap<number, Refusal>): void {
  part.refused.push(...refusals.values());
  part.slots = part.slots.filter((_, index) => !refusals.has(index));
  part.values = part.values.filter((_, index) => !refusals.has(index));
}

function mapsFor({ slots, runtimes }: PartPlan, { maxSlow, standing }: SessionRequest) {
  const sites = [...slots, ...runtimes].reduce((sum, { sites }) => sum + sites.length, 0);
  return sizeMaps({ slots: slots.length + runtimes.length, sites, standing }, maxSlow);
}
