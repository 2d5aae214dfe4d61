/** Arms a plan: one link for each process, file and program. */

import type { Refusal } from '../../proto/gen/coral/live/v1/live.js';
import type { ArmedSite, KernelSession, LinkProgram } from '../kernel/kernel.js';
import type { PlannedSlot } from './plan-part.js';

/** Sites of one process and file that one program serves. */
interface LinkPlan {
  pid: number;
  path: string;
  program: LinkProgram;
  sites: ArmedSite[];
}

export interface ArmedLink {
  id: number;
  pid: number;
}

/** Slots that the kernel would not arm, by number in the plan. */
export type KernelRefusals = Map<number, Refusal>;

/** Groups the slots' sites, numbered on from `firstSlot` and `firstSite`, by link. Pure. */
export function planLinks(slots: readonly PlannedSlot[], firstSlot: number, firstSite: number): LinkPlan[] {
  const links = new Map<string, LinkPlan>();
  let site = firstSite;
  slots.forEach((slot, index) => {
    const link = linkOf(links, slot);
    for (const { site: planned, owner } of slot.sites) {
      const { offset, role, jbe } = planned;
      link.sites.push({ slot: firstSlot + index, site, offset, role, owner, jbe });
      site += 1;
    }
  });
  return [...links.values()];
}

/** Arms every link. Sites that the kernel refuses come back by slot; then the caller must close the session. */
export function armLinks(kernel: KernelSession, links: readonly LinkPlan[], slots: readonly PlannedSlot[], firstSlot: number) {
  const armed: ArmedLink[] = [];
  const refusals: KernelRefusals = new Map();
  for (const link of links) {
    const { link: id, refused } = kernel.arm(link.pid, link.path, link.program, link.sites);
    armed.push({ id, pid: link.pid });
    for (const { site, errno } of refused) {
      const slot = link.sites.find((each) => each.site === site)?.slot;
      if (slot !== undefined) refusals.set(slot - firstSlot, kernelRefusal(slots[slot - firstSlot]!, errno));
    }
  }
  return { armed, refusals };
}

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
