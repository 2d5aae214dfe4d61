/** The links of a session's slots: shared by all, or of a list of slots whose probes are to be switched together. */

import type { Refusal } from '../../../proto/gen/coral/live/v1/live.js';
import type { KernelSession } from '../../kernel/kernel.js';
import { GENERATIONS } from '../../kernel/limits.js';
import { type ArmedLink, armLinks, type NumberedSlot, planLinks, type SitePart } from './arm-part.js';

/** Which probes of a slot are to be on. */
export interface Switch {
  slot: number;
  entries: boolean;
  returns: boolean;
}

/** Links of a slot that has been taken out of those it shared. */
interface OwnLinks {
  entries: ArmedLink | null;
  /** The same as the entries' where both went on together; null where uprobe.session sees returns without. */
  returns: ArmedLink | null;
}

/** What it needs of its session's slots. */
export interface LinkedSlots {
  readonly session: KernelSession;
  /** By number; their generations change here. */
  readonly numbers: readonly NumberedSlot[];
  /** Tells the kernel the slot's generation, with its other knobs. */
  setKnobs(slot: number): void;
  /** The slot's process has left. */
  isRetired(slot: number): boolean;
}

export class SlotLinks {
  #shared: ArmedLink[] = [];
  readonly #own = new Map<number, OwnLinks>();

  constructor(private readonly of: LinkedSlots) {}

  get all(): ArmedLink[] {
    const own = [...this.#own.values()].flatMap(({ entries, returns }) => [entries, returns]);
    return [...new Set([...this.#shared, ...own])].filter((link) => link !== null);
  }

  isArmed(slot: number): boolean {
    const own = this.#own.get(slot);
    return own ? own.entries !== null || own.returns !== null : this.#shared.some((link) => link.slots.includes(slot));
  }

  /** Arms slots on links that they share. What the kernel refuses comes back by number. */
  arm(slots: readonly NumberedSlot[]): Map<number, Refusal> {
    const { armed, refusals } = armLinks(this.of.session, planLinks(slots, 'all'), this.#planned);
    this.#shared.push(...armed);
    return refusals;
  }

  /**
   * Gives each list of slots links of its own, so that they can be switched: their entries armed on them, or nothing yet. No
   * call is lost or counted twice; calls that are open become untracked.
   */
  isolate(lists: readonly (readonly number[])[], entries: boolean): void {
    const leaving = new Set(lists.flat().filter((slot) => !this.#own.has(slot)));
    if (leaving.size === 0) return;
    const old = this.#shared.filter((link) => link.slots.some((slot) => leaving.has(slot)));
    const touched = [...new Set(old.flatMap((link) => link.slots))].map((slot) => this.of.numbers[slot]!);
    const staying = touched.filter(({ number }) => !leaving.has(number));
    const moving = entries ? touched : staying;
    for (const slot of leaving) this.#untime(slot);
    for (const numbered of moving) numbered.generation = (numbered.generation + 1) % GENERATIONS;
    for (const slot of leaving) this.#own.set(slot, { entries: null, returns: null });
    this.#shared = [...this.#shared.filter((link) => !old.includes(link)), ...this.#armAgain(staying, 'all')];
    if (entries) {
      const going = new Set(touched.map(({ number }) => number).filter((slot) => leaving.has(slot)));
      for (const list of lists) {
        const armed = list.filter((slot) => going.has(slot));
        this.#armOwn(armed, 'entries', 'entries');
      }
    }
    for (const { number } of moving) this.of.setKnobs(number);
    this.of.session.disarm(...old.map((link) => link.id));
  }

  /** Links of isolated slots whose probes are all on are shared ones from now on. */
  share(slots: readonly number[]): void {
    const own = slots.flatMap((slot) => this.#own.get(slot) ?? []).flatMap(({ entries, returns }) => [entries, returns]);
    this.#shared.push(...new Set(own.filter((link) => link !== null)));
    for (const slot of slots) this.#own.delete(slot);
  }

  /** Switches probes of isolated slots on and off, each list as a whole; all that go off go at once. */
  switch(lists: readonly (readonly Switch[])[]): void {
    const off = new Set(lists.flat().flatMap((change) => this.#switchOff(change)));
    if (off.size > 0) this.of.session.disarm(...[...off].map((link) => link.id));
    for (const list of lists) this.#switchOn(list);
  }

  /** These links have been taken off. */
  forget(links: readonly ArmedLink[]): void {
    this.#shared = this.#shared.filter((link) => !links.includes(link));
    for (const own of this.#own.values()) forget(own, links);
  }

  get #planned() {
    return this.of.numbers.map(({ slot }) => slot);
  }

  /** Sites that were armed before: none is refused now. */
  #armAgain(slots: readonly NumberedSlot[], part: SitePart): ArmedLink[] {
    return armLinks(this.of.session, planLinks(slots, part), this.#planned).armed;
  }

  /** Arms a part of slots' sites on as few links as they need, which these are then. */
  #armOwn(slots: readonly number[], part: SitePart, ...as: (keyof OwnLinks)[]): void {
    if (slots.length === 0) return;
    const numbered = slots.map((slot) => this.of.numbers[slot]!);
    for (const link of this.#armAgain(numbered, part)) {
      for (const slot of link.slots) for (const which of as) this.#own.get(slot)![which] = link;
    }
  }

  #isTimed = (slot: number): boolean => this.of.numbers[slot]!.slot.program !== 'count';

  /** Its returns come with the link of its entries: the timing alone is switched. */
  #isBySession = (slot: number): boolean => this.of.numbers[slot]!.slot.program === 'session';

  #untime(slot: number): void {
    if (this.#isTimed(slot)) this.of.session.setTiming(slot, 'untimed');
  }

  #switchOff({ slot, entries, returns }: Switch): ArmedLink[] {
    const own = this.#own.get(slot);
    if (!own) return [];
    if (!returns) this.#untime(slot);
    const off = [entries ? null : own.entries, returns ? null : own.returns].filter((link) => link !== null);
    const links = [...new Set(off)];
    forget(own, links);
    return links;
  }

  #switchOn(list: readonly Switch[]): void {
    const living = list.filter(({ slot }) => this.#own.has(slot) && !this.of.isRetired(slot));
    const lacks = (slot: number, which: keyof OwnLinks): boolean => this.#own.get(slot)![which] === null;
    const those = (chosen: (change: Switch) => boolean): number[] => living.filter(chosen).map(({ slot }) => slot);
    const whole = those((it) => it.entries && it.returns && lacks(it.slot, 'entries') && lacks(it.slot, 'returns'));
    const bySession = whole.filter(this.#isBySession);
    const bySites = whole.filter((slot) => !this.#isBySession(slot));
    this.#armOwn(bySession, 'all', 'entries');
    this.#armOwn(bySites, 'all', 'entries', 'returns');
    const entered = those((it) => it.entries && lacks(it.slot, 'entries'));
    for (const slot of entered) this.#untime(slot);
    this.#armOwn(entered, 'entries', 'entries');
    const returned = those((it) => it.returns && lacks(it.slot, 'returns'));
    this.#armOwn(returned, 'returns', 'returns');
    for (const slot of those(({ returns }) => returns)) if (this.#isTimed(slot)) this.of.session.setTiming(slot, 'timed');
  }
}

function forget(own: OwnLinks, links: readonly ArmedLink[]): void {
  if (own.entries && links.includes(own.entries)) own.entries = null;
  if (own.returns && links.includes(own.returns)) own.returns = null;
}
