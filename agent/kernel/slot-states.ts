/**
 * What the kernel is told of a slot while its links come and go: whether its hits count, which link's they are, and
 * whether its entries open calls. Pure: words of struct coral_knobs (bpf/coral.h).
 */

import type { ArmedSite, LinkProgram, SlotTiming } from './kernel.js';
import {
  CHANGE_SHIFT,
  COMING_SHIFT,
  SLOT_CLOSING,
  SLOT_EPOCH_SHIFT,
  SLOT_LINGERING,
  SLOT_OFF,
  SLOT_ON,
  SLOT_UNTIMED,
  SLOT_WAS_UNTIMED,
} from './limits.js';

/** What a link holds of one slot. */
interface Part {
  generation: number;
  entries: boolean;
  /** All returns are seen, also where the function has none. */
  returns: boolean;
  session: boolean;
}

/** Counters that wrap in their bits of a word. */
const WRAP = 2 ** 16;

export class SlotState {
  #state = SLOT_OFF;
  #epoch = 0;
  #wasUntimed = false;
  #wasArmed = false;
  #timing: SlotTiming = 'timed';
  #generation = 0;
  #coming: number | null = null;
  #changes = 0;
  readonly #parts = new Map<number, Part>();

  /** Bits of coral_knobs.state. */
  get stateWord(): number {
    return (this.#state | (this.#wasUntimed ? SLOT_WAS_UNTIMED : 0) | (this.#epoch << SLOT_EPOCH_SHIFT)) >>> 0;
  }

  /** Bits of coral_knobs.generations. */
  get generationsWord(): number {
    const coming = this.#coming === null ? 0 : (this.#coming + 1) << COMING_SHIFT;
    return (this.#generation | coming | (this.#changes << CHANGE_SHIFT)) >>> 0;
  }

  /** Its returns go with the link that saw the entry, so that none may be opened by the old one in a new epoch. */
  get returnsByLink(): boolean {
    return [...this.#parts.values()].some((part) => part.session);
  }

  /** A link with sites of this generation is about to be made. */
  beforeLink(generation: number): void {
    if (this.#parts.size === 0) {
      this.#generation = generation;
      if (this.#wasArmed) this.#turnEpoch();
    } else if (generation !== this.#generation) {
      this.#coming = generation;
      this.#changes = (this.#changes + 1) % WRAP;
    }
  }

  /** The link was not made after all. */
  linkFailed(): void {
    this.#coming = null;
  }

  afterLink(link: number, sites: readonly ArmedSite[], program: LinkProgram): void {
    const part = partOf(sites, program);
    this.#parts.set(link, part);
    this.#wasArmed = true;
    if (part.generation === this.#generation) this.#settleState();
  }

  setTiming(timing: SlotTiming): void {
    this.#timing = timing;
    if (timing === 'untimed') this.#wasUntimed = true;
    if (this.#parts.size > 0) this.#settleState();
  }

  /** The sites of this generation are those that count. The word of the state is to be written first. */
  setGeneration(generation: number): void {
    if (generation === this.#generation) return;
    this.#generation = generation;
    if (this.#parts.size === 0) return;
    if (this.returnsByLink) this.#turnEpoch();
    this.#settleState();
  }

  /** Probes of these links are about to be taken off. */
  beforeUnlink(links: readonly number[]): void {
    const [going, staying] = [this.#current(links, true), this.#current(links, false)];
    if (going.some((part) => part.entries) && !staying.some((part) => part.entries)) this.#state = SLOT_CLOSING;
    else if (going.some((part) => part.returns)) this.#goUntimed();
  }

  afterUnlink(links: readonly number[]): void {
    for (const link of links) this.#parts.delete(link);
    if (this.#state === SLOT_CLOSING) this.#closed();
    if ([...this.#parts.values()].every((part) => part.generation === this.#generation)) this.#coming = null;
  }

  #current(links: readonly number[], among: boolean): Part[] {
    return [...this.#parts]
      .filter(([link, part]) => part.generation === this.#generation && links.includes(link) === among)
      .map(([, part]) => part);
  }

  #settleState(): void {
    if (!this.#current([], false).some((part) => part.returns)) this.#goUntimed();
    else this.#state = this.#timing === 'timed' ? SLOT_ON : SLOT_LINGERING;
  }

  /** All probes are off: for a window (calls go on unseen and are untracked), or at the end (they are in flight). */
  #closed(): void {
    this.#state = SLOT_OFF;
    if (this.#timing === 'untimed') this.#turnEpoch();
  }

  /** Calls that are open now are not followed any more. */
  #goUntimed(): void {
    this.#state = SLOT_UNTIMED;
    this.#turnEpoch();
  }

  #turnEpoch(): void {
    this.#wasUntimed = true;
    this.#epoch = (this.#epoch + 1) % WRAP;
  }
}

function partOf(sites: readonly ArmedSite[], program: LinkProgram): Part {
  const session = program === 'session';
  const isEndless = program === 'timed' && sites.some((site) => site.endless);
  return {
    generation: sites[0]?.generation ?? 0,
    entries: sites.some((site) => site.role !== 'return'),
    returns: session || isEndless || sites.some((site) => site.role === 'return' || site.role === 'entry_return'),
    session,
  };
}
