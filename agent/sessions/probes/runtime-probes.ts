/** The probes in runtimes: one link an image of a process, in slots and at sites that nobody sees, numbered down from the end. */

import type { KernelOptions, KernelSession } from '../../kernel/kernel.js';
import type { RuntimeSites } from '../plan/runtime-sites.js';
import type { MappedImage } from '../ports.js';
import type { CostedSite } from '../ticks/overhead.js';
import type { ArmedLink } from './arm-part.js';

/** Sites in an image of a process, in a slot that nobody sees. */
interface ArmedRuntime {
  link: ArmedLink | null;
  plan: RuntimeSites;
}

/** Where in memory: an image of a process. */
export type InProcess = Pick<MappedImage, 'pid' | 'armPath'>;

export class RuntimeProbes {
  readonly #runtimes: ArmedRuntime[] = [];
  readonly #sites: CostedSite[] = [];

  constructor(
    private readonly session: KernelSession,
    private readonly capacity: KernelOptions,
  ) {}

  /** Measures waiting in a process, if there is room. */
  arm(plan: RuntimeSites): void {
    const slot = this.capacity.slots - 1 - this.#runtimes.length;
    const firstSite = this.capacity.sites - 1 - this.#sites.length;
    const sites = plan.sites.map(({ site: { offset, jbe }, role, owner }, index) => {
      return { slot, site: firstSite - index, offset, jbe, role, owner };
    });
    const { goidOffset = 0, recoveredAt = [] } = plan.mapped.image.go ?? {};
    this.session.setKnobs(slot, { goidOffset, recoveredAt, sampleRate: 0, slowerThanNs: 0 });
    const { pid, armPath } = plan.mapped;
    const { link } = this.session.arm(pid, armPath, 'park', sites);
    this.#runtimes.push({ link: { id: link, pid, slots: [slot] }, plan });
    plan.sites.forEach(({ site: { cost } }, index) => {
      this.#sites.push({ site: firstSite - index, slot: -1, cost, isReturn: false });
    });
  }

  /** Slots that it takes. */
  get slotCount(): number {
    return this.#runtimes.length;
  }

  /** Its sites, by number. */
  get sites(): readonly CostedSite[] {
    return this.#sites;
  }

  get links(): ArmedLink[] {
    return this.#runtimes.flatMap(({ link }) => link ?? []);
  }

  /** These links have been taken off. */
  forget(links: readonly ArmedLink[]): void {
    for (const runtime of this.#runtimes) if (runtime.link && links.includes(runtime.link)) runtime.link = null;
  }

  /** What is armed now in an image of a process. */
  armedIn(mapped: InProcess): RuntimeSites[] {
    return this.#runtimes.filter(({ link, plan }) => link !== null && isSame(plan.mapped, mapped)).map(({ plan }) => plan);
  }
}

const isSame = (a: InProcess, b: InProcess): boolean => a.pid === b.pid && a.armPath === b.armPath;
