/** Where a Go program's goroutines begin and end to wait and recover from panics, as sites of the program `park`. */

import type { StackOwner, WaitRole } from '../../kernel/kernel.js';
import type { PlannedSite } from '../../sites/plan.js';
import type { Image } from '../../symbols/image.js';
import type { MappedImage, Targets } from '../ports.js';
import type { ArmedElsewhere, PlannedSlot } from './plan-part.js';

/** One function of the runtime and what its entry means. */
interface Station {
  name: string;
  role: WaitRole;
  owner: StackOwner;
}

/** Every goroutine that waited goes on through runtime.execute, which has it in AX. */
const STATIONS: readonly Station[] = [
  { name: 'runtime.gopark', role: 'park', owner: 'g_r14' },
  { name: 'runtime.execute', role: 'resume', owner: 'g_ax' },
];
/** System calls are left by runtime.exitsyscall, or by runtime.execute when the goroutine lost its processor meanwhile. */
const SYSCALL_STATIONS: readonly Station[] = [
  { name: 'runtime.entersyscall', role: 'syscall', owner: 'g_r14' },
  { name: 'runtime.exitsyscall', role: 'resume', owner: 'g_r14' },
];

/** Calls that a recovered panic left are told at once. Where this cannot be probed they are found out later. */
const RECOVERY: Station = { name: 'runtime.recovery', role: 'recover', owner: 'g_ax' };

export interface WaitSite {
  site: PlannedSite;
  role: WaitRole;
  owner: StackOwner;
}

/** A process's wait sites. */
export interface WaitSites {
  mapped: MappedImage;
  sites: WaitSite[];
}

/** Plans the waiting of every Go program that has timed functions among the slots; notices say where it cannot be measured. */
export function planWaits(slots: readonly PlannedSlot[], targets: Targets, armedElsewhere: ArmedElsewhere) {
  const plan = { waiting: [] as WaitSites[], notices: [] as string[] };
  const timed = slots.filter(({ program, mapped }) => program === 'timed' && mapped.image.go !== null);
  const programs = new Map(timed.map(({ mapped }) => [`${mapped.pid} ${mapped.armPath}`, mapped]));
  for (const mapped of programs.values()) {
    const waits = planWaiting(mapped, targets, armedElsewhere);
    if ('missing' in waits) plan.notices.push(`waiting is not measured in process ${mapped.pid}: ${waits.missing}`);
    else plan.waiting.push(waits);
  }
  return plan;
}

type WaitPlan = WaitSites | { missing: string };

/** Plans the sites of a Go program; system calls are left out where theirs cannot be probed. */
function planWaiting(mapped: MappedImage, targets: Targets, armedElsewhere: ArmedElsewhere): WaitPlan {
  const parking = STATIONS.map((station) => planStation(station, mapped, targets, armedElsewhere));
  const missing = parking.find((each) => typeof each === 'string');
  if (missing) return { missing };
  const syscalls = SYSCALL_STATIONS.map((station) => planStation(station, mapped, targets, armedElsewhere));
  const recovery = mapped.image.go?.recoveredAt.length ? [planStation(RECOVERY, mapped, targets, armedElsewhere)] : [];
  const sites = [...parking, ...(syscalls.some((each) => typeof each === 'string') ? [] : syscalls), ...recovery];
  return { mapped, sites: sites.filter((each) => typeof each !== 'string') };
}

/** The sentence that says why, where it cannot be probed. */
function planStation(
  { name, role, owner }: Station,
  mapped: MappedImage,
  targets: Targets,
  armedElsewhere: ArmedElsewhere,
): WaitSite | string {
  const [row, ...others] = mapped.image.functions.find(name);
  if (row === undefined || others.length > 0) return `${name} is not in the program's function table`;
  const entry = entryOf(mapped.image, row, targets);
  if (typeof entry === 'string') return `${name} cannot be probed: ${entry}`;
  const verdict = targets.compareRows(mapped, [row], armedElsewhere(mapped));
  return verdict.ok ? { site: entry, role, owner } : `${name} cannot be probed: ${verdict.detail}`;
}

function entryOf(image: Image, row: number, targets: Targets): PlannedSite | string {
  const decision = targets.decide(image, row);
  if (!decision.ok) return decision.reason;
  const entry = decision.sites.find((site) => site.role !== 'return');
  return entry ?? 'it has no entry site';
}
