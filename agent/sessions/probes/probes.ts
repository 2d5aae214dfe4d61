/** A session's probes: the kernel session with its slots, sites and links. */

import type { Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import type { KernelOptions, KernelSession } from '../../kernel/kernel.js';
import { bodyRanges } from '../../sites/body.js';
import type { PlannedSite } from '../../sites/plan.js';
import type { CodeRange } from '../../symbols/image.js';
import type { PlannedSlot } from '../plan/plan-part.js';
import { NOTHING, type SlotValues } from '../plan/plan-values.js';
import type { RuntimeSites } from '../plan/runtime-sites.js';
import type { OpenMaps } from '../spare-maps.js';
import type { CostedSite, ReplacedReturns } from '../ticks/overhead.js';
import type { NumberedSlot } from './arm-part.js';
import { type InProcess, RuntimeProbes } from './runtime-probes.js';
import { SlotLinks, type Switch } from './slot-links.js';

/** Knobs of a session's slots. */
export interface Knobs {
  sampleRate: number;
  slowerThanNs: number;
}

/** Slots only grow: a row keeps its number for the session's life. */
export class Probes {
  readonly session: KernelSession;
  readonly capacity: KernelOptions;
  readonly slots: PlannedSlot[] = [];
  readonly values: SlotValues[] = [];
  readonly #sites: CostedSite[] = [];
  readonly #numbers: NumberedSlot[] = [];
  readonly #retired = new Set<number>();
  readonly #links: SlotLinks;
  readonly #runtimes: RuntimeProbes;
  readonly #code = new Map<number, CodeRange[]>();
  #knobs: Knobs = { sampleRate: 0, slowerThanNs: 0 };

  /** Nothing is armed in the maps yet. */
  constructor({ session, capacity }: OpenMaps) {
    this.session = session;
    this.capacity = capacity;
    this.#runtimes = new RuntimeProbes(session, capacity);
    this.#links = new SlotLinks({
      session,
      numbers: this.#numbers,
      setKnobs: (slot) => this.#setKnobs(slot),
      isRetired: (slot) => this.#retired.has(slot),
    });
  }

  /** Arms more slots. Slots that the kernel refuses come back by their index in `slots`; then the probes as a whole must be closed. */
  arm(slots: readonly PlannedSlot[], knobs: Knobs, values: readonly SlotValues[] = []): Map<number, Refusal> {
    const first = this.slots.length;
    const added = slots.map((slot, index) => this.#add(slot, values[index] ?? NOTHING));
    this.setKnobs(knobs);
    for (const { number } of added) if (this.values[number]?.kernel) this.session.setCapture(number, this.values[number].kernel);
    const refusals = this.#links.arm(added);
    return new Map([...refusals].map(([number, refusal]) => [number - first, refusal]));
  }

  /** Whether any of its slots' probes are on. */
  get isArmed(): boolean {
    return this.#links.all.length > 0;
  }

  /** Asks a process's runtime, if there is room. */
  armRuntime(plan: RuntimeSites): void {
    this.#runtimes.arm(plan);
  }

  get asksRuntimes(): boolean {
    return this.#runtimes.links.length > 0;
  }

  /** Whether it asks what is in this image of a process. */
  asksRuntime(mapped: InProcess): boolean {
    return this.#runtimes.armedIn(mapped).length > 0;
  }

  /** Asks no runtime any more. */
  disarmRuntimes(): void {
    const { links } = this.#runtimes;
    if (links.length > 0) this.session.disarm(...links.map((link) => link.id));
    this.#runtimes.forget(links);
  }

  /** Sites in runtimes, by number. */
  get runtimeSites(): readonly CostedSite[] {
    return this.#runtimes.sites;
  }

  /** Every site that costs something, also those that belong to no row. */
  get costedSites(): CostedSite[] {
    return [...this.#sites, ...this.#runtimes.sites];
  }

  /** Sites of the rows, by number. */
  get sites(): readonly CostedSite[] {
    return this.#sites;
  }

  /** Returns so far of the slots whose calls have no return sites. */
  get replacedReturns(): ReplacedReturns[] {
    const slots = this.slots.flatMap(({ program }, slot) => (program === 'session' ? [slot] : []));
    if (slots.length === 0) return [];
    const { returns } = this.session.readSlots();
    return slots.map((slot) => ({ slot, count: Number(returns[slot]!) }));
  }

  setKnobs({ sampleRate, slowerThanNs }: Knobs): void {
    this.#knobs = { sampleRate, slowerThanNs };
    for (const { number } of this.#numbers) this.#setKnobs(number);
  }

  /** What all slots' calls are asked for from now on. */
  setValues(values: readonly SlotValues[]): void {
    values.forEach((each, slot) => {
      this.values[slot] = each;
      this.session.setCapture(slot, each.kernel);
    });
  }

  /** Whether a function is probed in a process that has not left. */
  has(pid: number, name: string): boolean {
    return this.slots.some(({ plan }, slot) => plan.pid === pid && plan.name === name && !this.#retired.has(slot));
  }

  /** The process has left: its rows keep their values, another of its number gets rows of its own. */
  retire(pid: number): void {
    this.disarm(pid);
    this.slots.forEach(({ plan }, slot) => {
      if (plan.pid === pid) this.#retired.add(slot);
    });
  }

  /** Whether code at an address in the slot's process belongs to its function. */
  isCodeOf(slot: number, address: number): boolean {
    const { mapped, rows } = this.slots[slot]!;
    let ranges = this.#code.get(slot);
    if (!ranges) {
      ranges = rows.flatMap((row) => bodyRanges(mapped.image, row));
      this.#code.set(slot, ranges);
    }
    const linked = address - (mapped.bias ?? 0);
    return ranges.some((range) => linked >= range.address && linked < range.address + range.size);
  }

  get freeSlots(): number {
    return this.capacity.slots - this.slots.length - this.#runtimes.slotCount;
  }

  /** Whether so many more fit the maps. */
  fits(slots: readonly PlannedSlot[]): boolean {
    const sites = slots.reduce((sum, slot) => sum + slot.sites.length, 0);
    return slots.length <= this.freeSlots && this.costedSites.length + sites <= this.capacity.sites;
  }

  /** Gives each list of slots links of its own, with their entries armed, or nothing. */
  isolate(lists: readonly (readonly number[])[], entries: boolean): void {
    this.#links.isolate(lists, entries);
  }

  /** Slots that were isolated, and have all their probes on, are switched no more. */
  share(slots: readonly number[]): void {
    this.#links.share(slots);
  }

  /** Switches probes of isolated slots on and off, each list as a whole. */
  switch(lists: readonly (readonly Switch[])[]): void {
    this.#links.switch(lists);
  }

  /** Takes the probes off, in one process or in all. */
  disarm(pid?: number): void {
    const links = [...this.#links.all, ...this.#runtimes.links].filter((link) => pid === undefined || link.pid === pid);
    if (links.length > 0) this.session.disarm(...links.map((link) => link.id));
    this.#runtimes.forget(links);
    this.#links.forget(links);
  }

  /** Sites that are armed now in an image of a process. */
  armedIn(mapped: InProcess): PlannedSite[] {
    const { pid, armPath } = mapped;
    const inImage = this.slots.filter(
      (slot, number) => slot.mapped.pid === pid && slot.mapped.armPath === armPath && this.#links.isArmed(number),
    );
    return [...inImage, ...this.#runtimes.armedIn(mapped)].flatMap(({ sites }) => sites.map(({ site }) => site));
  }

  #add(slot: PlannedSlot, values: SlotValues): NumberedSlot {
    const numbered = { slot, number: this.slots.length, firstSite: this.#sites.length, generation: 0 };
    for (const { site } of slot.sites) {
      const [number, isReturn] = [this.#sites.length, site.role === 'return'];
      this.#sites.push({ site: number, slot: numbered.number, cost: site.cost, isReturn });
    }
    this.slots.push(slot);
    this.values.push(values);
    this.#numbers.push(numbered);
    return numbered;
  }

  #setKnobs(slot: number): void {
    const { generation } = this.#numbers[slot]!;
    const { goidOffset = 0, starterOffset = 0 } = this.slots[slot]!.mapped.image.go ?? {};
    this.session.setKnobs(slot, { ...this.#knobs, goidOffset, starterOffset, generation });
  }
}
