/** A session's probes: the kernel session with its slots, sites and links. */

import type { Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import type { KernelOptions, KernelSession } from '../../kernel/kernel.js';
import { GENERATIONS } from '../../kernel/limits.js';
import type { PlannedSite } from '../../sites/plan.js';
import type { CostedSite } from '../overhead.js';
import type { PlannedSlot } from '../plan-part.js';
import { NOTHING, type SlotValues } from '../plan-values.js';
import type { MappedImage } from '../ports.js';
import type { OpenMaps } from '../spare-maps.js';
import type { WaitSites } from '../wait-sites.js';
import { type ArmedLink, armLinks, type NumberedSlot, planLinks, type SitePart } from './arm-part.js';

/** Knobs of a session's slots. */
export interface Knobs {
  sampleRate: number;
  slowerThanNs: number;
}

/** Which probes of a slot are to be on. */
export interface Switch {
  slot: number;
  entries: boolean;
  returns: boolean;
}

/** Links of a slot that has been taken out of those it shared. */
interface OwnLinks {
  entries: ArmedLink | null;
  returns: ArmedLink | null;
}

/** A process's wait sites, in a slot that nobody sees. */
interface ArmedWaits {
  link: ArmedLink | null;
  plan: WaitSites;
}

/** Slots only grow: a row keeps its number for the session's life. */
export class Probes {
  readonly session: KernelSession;
  readonly capacity: KernelOptions;
  readonly slots: PlannedSlot[] = [];
  readonly values: SlotValues[] = [];
  readonly #sites: CostedSite[] = [];
  readonly #numbers: NumberedSlot[] = [];
  #shared: ArmedLink[] = [];
  readonly #own = new Map<number, OwnLinks>();
  readonly #retired = new Set<number>();
  #waits: ArmedWaits[] = [];
  readonly #waitSites: CostedSite[] = [];
  #knobs: Knobs = { sampleRate: 0, slowerThanNs: 0 };

  /** Nothing is armed in the maps yet. */
  constructor({ session, capacity }: OpenMaps) {
    this.session = session;
    this.capacity = capacity;
  }

  /** Arms more slots. Slots that the kernel refuses come back by their index in `slots`; then the probes as a whole must be closed. */
  arm(slots: readonly PlannedSlot[], knobs: Knobs, values: readonly SlotValues[] = []): Map<number, Refusal> {
    const first = this.slots.length;
    const added = slots.map((slot, index) => this.#add(slot, values[index] ?? NOTHING));
    this.setKnobs(knobs);
    for (const { number } of added) if (this.values[number]?.kernel) this.session.setCapture(number, this.values[number].kernel);
    const { armed, refusals } = armLinks(this.session, planLinks(added, 'all'), this.slots);
    this.#shared.push(...armed);
    return new Map([...refusals].map(([number, refusal]) => [number - first, refusal]));
  }

  /** Measures waiting in a process, if there is room: slots and sites are numbered down from the end. */
  armWaits(plan: WaitSites): void {
    const slot = this.capacity.slots - 1 - this.#waits.length;
    const firstSite = this.capacity.sites - 1 - this.#waitSites.length;
    const sites = plan.sites.map(({ site: { offset, jbe }, role, owner }, index) => {
      return { slot, site: firstSite - index, offset, jbe, role, owner };
    });
    this.session.setKnobs(slot, { goidOffset: plan.mapped.image.go?.goidOffset ?? 0, sampleRate: 0, slowerThanNs: 0 });
    const { pid, armPath } = plan.mapped;
    const { link } = this.session.arm(pid, armPath, 'park', sites);
    this.#waits.push({ link: { id: link, pid, slots: [slot] }, plan });
    plan.sites.forEach(({ site: { cost } }, index) => {
      this.#waitSites.push({ site: firstSite - index, slot: -1, cost, isReturn: false });
    });
  }

  /** Processes whose waiting is measured. */
  get waitingPids(): number[] {
    return this.#waits.flatMap(({ link }) => link?.pid ?? []);
  }

  /** Measures no waiting any more. */
  disarmWaits(): void {
    const links = this.#waits.flatMap(({ link }) => link ?? []);
    if (links.length > 0) this.session.disarm(...links.map((link) => link.id));
    for (const waits of this.#waits) waits.link = null;
  }

  /** Sites of the waiting, by number. */
  get waitSites(): readonly CostedSite[] {
    return this.#waitSites;
  }

  /** Every site that costs something, also those that belong to no row. */
  get costedSites(): CostedSite[] {
    return [...this.#sites, ...this.#waitSites];
  }

  /** Sites of the rows, by number. */
  get sites(): readonly CostedSite[] {
    return this.#sites;
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

  get freeSlots(): number {
    return this.capacity.slots - this.slots.length - this.#waits.length;
  }

  /** Whether so many more fit the maps. */
  fits(slots: readonly PlannedSlot[]): boolean {
    const sites = slots.reduce((sum, slot) => sum + slot.sites.length, 0);
    return slots.length <= this.freeSlots && this.#sites.length + this.#waitSites.length + sites <= this.capacity.sites;
  }

  /**
   * Gives slots links of their own, the entries armed and the returns not, so that they can be switched. No call is lost
   * or counted twice; calls that are open become untracked.
   */
  isolate(slots: readonly number[]): void {
    const leaving = new Set(slots.filter((slot) => !this.#own.has(slot)));
    if (leaving.size === 0) return;
    const old = this.#shared.filter((link) => link.slots.some((slot) => leaving.has(slot)));
    const touched = old.flatMap((link) => link.slots).map((slot) => this.#numbers[slot]!);
    for (const slot of leaving) this.#untime(slot);
    for (const numbered of touched) numbered.generation = (numbered.generation + 1) % GENERATIONS;
    const staying = touched.filter(({ number }) => !leaving.has(number));
    this.#shared = [...this.#shared.filter((link) => !old.includes(link)), ...this.#link(staying, 'all')];
    for (const slot of leaving) this.#own.set(slot, { entries: this.#linkOne(slot, 'entries'), returns: null });
    for (const { number } of touched) this.#setKnobs(number);
    this.session.disarm(...old.map((link) => link.id));
  }

  /** Switches probes of isolated slots on and off; all that go off go at once. */
  switch(switches: readonly Switch[]): void {
    const off = switches.flatMap((change) => this.#switchOff(change));
    if (off.length > 0) this.session.disarm(...off.map((link) => link.id));
    for (const change of switches) this.#switchOn(change);
  }

  /** Takes the probes off, in one process or in all. */
  disarm(pid?: number): void {
    const links = this.#allLinks().filter((link) => pid === undefined || link.pid === pid);
    if (links.length > 0) this.session.disarm(...links.map((link) => link.id));
    for (const waits of this.#waits) if (waits.link && links.includes(waits.link)) waits.link = null;
    this.#shared = this.#shared.filter((link) => !links.includes(link));
    for (const [slot, { entries, returns }] of this.#own) {
      if (this.slots[slot]!.mapped.pid === pid || pid === undefined) this.#own.set(slot, { entries: null, returns: null });
      else this.#own.set(slot, { entries, returns });
    }
  }

  /** Sites that are armed now in an image of a process. */
  armedIn(mapped: InProcess): PlannedSite[] {
    const inImage = this.slots.filter(
      (slot, number) => slot.mapped.pid === mapped.pid && slot.mapped.armPath === mapped.armPath && this.#isArmed(number),
    );
    const waits = this.#waits.filter(({ link, plan }) => link !== null && isSame(plan.mapped, mapped));
    return [...inImage, ...waits.map(({ plan }) => plan)].flatMap(({ sites }) => sites.map(({ site }) => site));
  }

  #allLinks(): ArmedLink[] {
    const own = [...this.#own.values()].flatMap(({ entries, returns }) => [entries, returns]);
    return [...this.#shared, ...own, ...this.#waits.map(({ link }) => link)].filter((link) => link !== null);
  }

  #isArmed(slot: number): boolean {
    const own = this.#own.get(slot);
    return own ? own.entries !== null || own.returns !== null : this.#shared.some((link) => link.slots.includes(slot));
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
    this.session.setKnobs(slot, { ...this.#knobs, goidOffset: this.slots[slot]!.mapped.image.go?.goidOffset ?? 0, generation });
  }

  #link(slots: readonly NumberedSlot[], part: SitePart): ArmedLink[] {
    return armLinks(this.session, planLinks(slots, part), this.slots).armed;
  }

  #linkOne(slot: number, part: SitePart): ArmedLink | null {
    return this.#link([this.#numbers[slot]!], part)[0] ?? null;
  }

  #untime(slot: number): void {
    if (this.slots[slot]!.program === 'timed') this.session.setTiming(slot, 'untimed');
  }

  #switchOff({ slot, entries, returns }: Switch): ArmedLink[] {
    const own = this.#own.get(slot);
    if (!own) return [];
    const off = [entries ? null : own.entries, returns ? null : own.returns].filter((link) => link !== null);
    if (own.returns && !returns) this.#untime(slot);
    this.#own.set(slot, { entries: entries ? own.entries : null, returns: returns ? own.returns : null });
    return off;
  }

  #switchOn({ slot, entries, returns }: Switch): void {
    const own = this.#own.get(slot);
    if (!own || this.#retired.has(slot)) return;
    if (entries && !own.entries) {
      this.#untime(slot);
      own.entries = this.#linkOne(slot, 'entries');
    }
    if (!returns || own.returns) return;
    own.returns = this.#linkOne(slot, 'returns');
    if (this.slots[slot]!.program === 'timed') this.session.setTiming(slot, 'timed');
  }
}

type InProcess = Pick<MappedImage, 'pid' | 'armPath'>;
const isSame = (a: InProcess, b: InProcess): boolean => a.pid === b.pid && a.armPath === b.armPath;
