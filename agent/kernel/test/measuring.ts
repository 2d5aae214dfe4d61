/** A session on a target's functions, as the tests use it: slot = index of the function's name. */

import type { DispensableAbility, KernelOptions, KernelSession, LinkProgram, SlotKnobs, StackOwner } from '../kernel.js';
import { LOSSES } from '../limits.js';
import { openKernel } from '../open-kernel.js';
import { armedSites, findSites } from './sites.js';
import type { Target } from './targets.js';

const OPTIONS: KernelOptions = { slots: 8, sites: 64, stacks: 4096, nodes: 8192, ringBytes: 1 << 20, maxSlow: 10 };

/** Of Go 1.25 and newer, and up to 1.22; 160 in between. */
export const GOID_OFFSET = 152;

const KNOBS: SlotKnobs = { goidOffset: GOID_OFFSET, sampleRate: 0, slowerThanNs: 0 };

export interface Measuring {
  names: readonly string[];
  program?: LinkProgram;
  owner?: StackOwner;
  jbe?: boolean;
  options?: Partial<KernelOptions>;
  knobs?: Partial<SlotKnobs>;
  without?: readonly DispensableAbility[];
}

export interface Measured {
  session: KernelSession;
  link: number;
}

/** Opens a session and arms the functions' entries and returns (with `session`, the entries alone). */
export function startMeasuring(target: Target, measuring: Measuring): Measured {
  const { names, program = 'timed', owner = 'g_r14', jbe = false, options, knobs, without } = measuring;
  const session = openKernel(without).open({ ...OPTIONS, ...options });
  names.forEach((_, slot) => {
    session.setKnobs(slot, { ...KNOBS, ...knobs });
  });
  const all = armedSites(findSites(target.path, names), owner, jbe);
  const sites = program === 'session' ? all.filter((site) => site.role === 'entry') : all;
  const { link, refused } = session.arm(target.pid, target.path, program, sites);
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
  return { session, link };
}

/** One slot's numbers as plain values. */
export function slotOf(session: KernelSession, slot: number) {
  const slots = session.readSlots();
  return {
    calls: Number(slots.calls[slot]),
    returns: Number(slots.returns[slot]),
    unwound: Number(slots.unwound[slot]),
    untracked: Number(slots.untracked[slot]),
    joinedMidCall: Number(slots.joinedMidCall[slot]),
    inHistogram: Number(session.histogram(slot).reduce((total, count) => total + count, 0n)),
  };
}

/** What slotOf gives for a function all of whose calls returned, but for what is said. */
export function allReturned(calls: number, but: Partial<ReturnType<typeof slotOf>> = {}) {
  return { calls, returns: calls, unwound: 0, untracked: 0, joinedMidCall: 0, inHistogram: calls, ...but };
}

/** Losses that happened, by reason. */
export function lossesOf(session: KernelSession): Record<string, number> {
  const counts = session.losses();
  return Object.fromEntries(LOSSES.map(({ reason }, i) => [reason, Number(counts[i])] as const).filter(([, count]) => count > 0));
}

/** The call tree as "caller>callee" paths of slots with their calls. */
export function treeOf(session: KernelSession): Record<string, number> {
  const nodes = session.readNodes();
  const index = new Map([...nodes.id].map((id, i) => [id, i]));
  const pathOf = (i: number): string => {
    const parent = index.get(nodes.parent[i]!);
    return parent === undefined ? `${nodes.slot[i]}` : `${pathOf(parent)}>${nodes.slot[i]}`;
  };
  return Object.fromEntries([...nodes.id].map((_, i) => [pathOf(i), Number(nodes.calls[i])]));
}
