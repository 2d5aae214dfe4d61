/** A session's probes: the kernel session with its slots, sites and links. */

import type { Refusal } from '../../proto/gen/coral/live/v1/live.js';
import type { Kernel, KernelOptions, KernelSession } from '../kernel/kernel.js';
import type { PlannedSite } from '../sites/plan.js';
import { type ArmedLink, armLinks, planLinks } from './arm-part.js';
import type { CostedSite } from './overhead.js';
import type { PlannedSlot } from './plan-part.js';
import type { MappedImage } from './ports.js';

/** Knobs of a session's slots. */
export interface Knobs {
  sampleRate: number;
  slowerThanNs: number;
}

/** Slots only grow: a row keeps its number for the session's life. */
export class Probes {
  readonly slots: PlannedSlot[] = [];
  readonly sites: CostedSite[] = [];
  #links: ArmedLink[] = [];

  private constructor(
    readonly session: KernelSession,
    readonly capacity: KernelOptions,
  ) {}

  /** Opens the maps with nothing armed. */
  static open(kernel: Kernel, capacity: KernelOptions): Probes {
    return new Probes(kernel.open(capacity), capacity);
  }

  /** Arms more slots. Slots that the kernel refuses come back by index; then the probes as a whole must be closed. */
  arm(slots: readonly PlannedSlot[], knobs: Knobs): Map<number, Refusal> {
    const [firstSlot, firstSite] = [this.slots.length, this.sites.length];
    this.#add(slots);
    this.setKnobs(knobs);
    const { armed, refusals } = armLinks(this.session, planLinks(slots, firstSlot, firstSite), slots, firstSlot);
    this.#links.push(...armed);
    return refusals;
  }

  setKnobs({ sampleRate, slowerThanNs }: Knobs): void {
    this.slots.forEach((slot, index) => {
      this.session.setKnobs(index, { sampleRate, slowerThanNs, goidOffset: slot.mapped.image.go?.goidOffset ?? 0 });
    });
  }

  /** Whether so many more fit the maps. */
  fits(slots: readonly PlannedSlot[]): boolean {
    const sites = slots.reduce((sum, slot) => sum + slot.sites.length, 0);
    return this.slots.length + slots.length <= this.capacity.slots && this.sites.length + sites <= this.capacity.sites;
  }

  /** Takes the probes off, in one process or in all. */
  disarm(pid?: number): void {
    for (const link of this.#links) {
      if (pid === undefined || link.pid === pid) this.session.disarm(link.id);
    }
    this.#links = this.#links.filter((link) => pid !== undefined && link.pid !== pid);
  }

  /** Sites that are armed now in an image of a process. */
  armedIn(mapped: Pick<MappedImage, 'pid' | 'armPath'>): PlannedSite[] {
    if (!this.#links.some((link) => link.pid === mapped.pid)) return [];
    const inImage = this.slots.filter((slot) => slot.mapped.pid === mapped.pid && slot.mapped.armPath === mapped.armPath);
    return inImage.flatMap((slot) => slot.sites.map(({ site }) => site));
  }

  #add(slots: readonly PlannedSlot[]): void {
    for (const slot of slots) {
      for (const { site } of slot.sites) this.sites.push({ slot: this.slots.length, cost: site.cost });
      this.slots.push(slot);
    }
  }
}
