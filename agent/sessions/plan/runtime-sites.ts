/** Sites in the runtime of a process's language: what its calls wait for, and which were left without a return. */

import type { StackOwner, WaitRole } from '../../kernel/kernel.js';
import type { PlannedSite } from '../../sites/plan.js';
import type { Image } from '../../symbols/image.js';
import type { MappedImage, Targets } from '../ports.js';
import { planCatching } from './catch-sites.js';
import type { ArmedElsewhere, PlannedSlot } from './plan-part.js';
import { planWaiting } from './wait-sites.js';

/** One function of a runtime and what its entry means. */
export interface Station {
  name: string;
  role: WaitRole;
  owner: StackOwner;
}

export interface RuntimeSite {
  site: PlannedSite;
  role: WaitRole;
  owner: StackOwner;
}

/** The sites in one image of a process. */
export interface RuntimeSites {
  mapped: MappedImage;
  sites: RuntimeSite[];
}

/** Plans them for every process that has timed functions among the slots; notices say where waiting cannot be measured. */
export function planRuntimes(slots: readonly PlannedSlot[], targets: Targets, armedElsewhere: ArmedElsewhere) {
  const plan = { runtimes: [] as RuntimeSites[], notices: [] as string[] };
  const timed = slots.filter(({ program }) => program === 'timed').map(({ mapped }) => mapped);
  const station: StationPlanner = (mapped, row, which) => planStation(which, row, mapped, targets, armedElsewhere);
  for (const mapped of distinct(timed.filter(({ image }) => image.go !== null))) {
    const waits = planWaiting(mapped, station);
    if ('missing' in waits) plan.notices.push(`waiting is not measured in process ${mapped.pid}: ${waits.missing}`);
    else plan.runtimes.push(waits);
  }
  for (const pid of new Set(timed.filter(({ image }) => image.go === null).map((mapped) => mapped.pid)))
    plan.runtimes.push(...planCatching(targets.catchers(pid), station));
  return plan;
}

/** The site of a station in a row of an image, or the sentence that says why it cannot be probed. */
export type StationPlanner = (mapped: MappedImage, row: number | undefined, station: Station) => RuntimeSite | string;

function distinct(images: readonly MappedImage[]): Iterable<MappedImage> {
  return new Map(images.map((mapped) => [`${mapped.pid} ${mapped.armPath}`, mapped])).values();
}

function planStation(
  { name, role, owner }: Station,
  row: number | undefined,
  mapped: MappedImage,
  targets: Targets,
  armedElsewhere: ArmedElsewhere,
): RuntimeSite | string {
  if (row === undefined) return `${name} is not in the program's function table`;
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
