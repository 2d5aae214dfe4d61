/** Arms a plan: one link for each process, file and program. */

import { constants } from 'node:os';
import type { Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import type { ArmedSite, KernelSession, LinkProgram } from '../../kernel/kernel.js';
import { KernelError } from '../../kernel/kernel-error.js';
import type { PlannedSlot } from '../plan/plan-part.js';

/** A slot of a session with its numbers. */
export interface NumberedSlot {
  slot: PlannedSlot;
  number: number;
  /** Of its sites, which are numbered on from here. */
  firstSite: number;
  generation: number;
}

/** Which sites of a slot: all, those where calls begin, those where they only end. */
export type SitePart = 'all' | 'entries' | 'returns';

/** Sites of one process and file that one program serves. */
export interface LinkPlan {
  pid: number;
  path: string;
  program: LinkProgram;
  sites: ArmedSite[];
}

export interface ArmedLink {
  id: number;
  pid: number;
  slots: number[];
}

/** Slots that the kernel would not arm, by number. */
export type KernelRefusals = Map<number, Refusal>;

/** Groups a part of the slots' sites by link. Pure. */
export function planLinks(slots: readonly NumberedSlot[], part: SitePart): LinkPlan[] {
  const links = new Map<string, LinkPlan>();
  for (const { slot, number, firstSite, generation } of slots) {
    slot.sites.forEach(({ site, owner }, index) => {
      if (!isOf(part, site.role)) return;
      const { offset, role, jbe, condition, endless = false } = site;
      const armed = { offset, role, owner, jbe, condition, endless, generation };
      linkOf(links, slot).sites.push({ slot: number, site: firstSite + index, ...armed });
    });
  }
  return [...links.values()];
}

/** Arms every link. Slots that the kernel refuses come back by number; what is of a process that has ended meanwhile stays off. */
export function armLinks(
  kernel: KernelSession,
  links: readonly LinkPlan[],
  slots: readonly PlannedSlot[],
): { armed: ArmedLink[]; refusals: KernelRefusals } {
  const armed: ArmedLink[] = [];
  const refusals: KernelRefusals = new Map();
  for (const plan of links) {
    const done = armLiving(kernel, plan);
    if (done === null) continue;
    armed.push({ id: done.link, pid: plan.pid, slots: [...new Set(plan.sites.map(({ slot }) => slot))] });
    for (const { site, errno } of done.refused) {
      const slot = plan.sites.find((each) => each.site === site)?.slot;
      if (slot !== undefined) refusals.set(slot, kernelRefusal(slots[slot]!, errno));
    }
  }
  return { armed, refusals };
}

/** Null: the process has ended. */
function armLiving(kernel: KernelSession, { pid, path, program, sites }: LinkPlan): ReturnType<KernelSession['arm']> | null {
  try {
    return kernel.arm(pid, path, program, sites);
  } catch (error) {
    if (error instanceof KernelError && error.errno === constants.errno.ESRCH) return null;
    throw error;
  }
}

const isOf = (part: SitePart, role: string): boolean => part === 'all' || (part === 'returns') === (role === 'return');

function linkOf(links: Map<string, LinkPlan>, slot: PlannedSlot): LinkPlan {
  const { pid, armPath } = slot.mapped;
  const { program } = slot;
  const key = `${pid} ${program} ${armPath}`;
  const known = links.get(key);
  if (known) return known;
  const fresh: LinkPlan = { pid, path: armPath, program, sites: [] };
  links.set(key, fresh);
  return fresh;
}

function kernelRefusal(slot: PlannedSlot, errno: number): Refusal {
  const reason = `the kernel refused to probe one of its instructions (errno ${errno})`;
  return { function: slot.plan.name, code: 'KERNEL_REFUSED', reason, pid: slot.mapped.pid, agentId: '' };
}
