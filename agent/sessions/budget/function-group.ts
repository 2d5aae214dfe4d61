/** A function in all its processes, or a crowd of them: with one budget, and one window that its probes are switched by. */

import { Debt } from '../../budget/debt.js';
import { AIM, closedNs, type FunctionLoad, type FunctionMode, isAhead, openNs } from '../../budget/governor.js';
import { ArmedTime, type HitTotals } from './armed-time.js';
import type { SlotCosts } from './slot-costs.js';

/** Where entries are windowed, one window in so many is timed: return probes slow a program more, and its count with it. */
const TIMED_EVERY = 4;

export class FunctionGroup {
  readonly slots: number[];
  readonly #entries: ArmedTime;
  readonly #returns: ArmedTime;
  readonly #debt: Debt;
  #isSinking = false;
  #debtAtOpening = 0;
  #costAtOpeningNs = 0;
  /** Null while all its probes are on all the time. */
  #window: { open: boolean; number: number; dueNs: number } | null = null;

  /** `names` has its functions; `costs`: of its slots so far. */
  constructor(
    slots: readonly number[],
    readonly names: ReadonlySet<string>,
    nowNs: number,
    costs: SlotCosts,
  ) {
    this.slots = [...slots];
    const [entries, returns] = [this.#entryTotals(costs), this.#returnTotals(costs)];
    this.#entries = new ArmedTime(nowNs, entries);
    this.#returns = new ArmedTime(nowNs, returns);
    this.#debt = new Debt(nowNs, this.#costNs(costs));
  }

  /** By which it is known in decisions: its first slot. */
  get row(): number {
    return this.slots[0]!;
  }

  get isWindowed(): boolean {
    return this.#window !== null;
  }

  get isOpen(): boolean {
    return this.#window?.open ?? false;
  }

  /** When its window opens or closes. */
  get dueNs(): number {
    return this.#window?.dueNs ?? Number.POSITIVE_INFINITY;
  }

  /** Whether its debt has grown at the last look to more than it may be, or in this window to more than a window's. */
  isOverrun({ allowed }: FunctionMode): boolean {
    return this.#isSinking && isAhead(this.#debt.ns - (this.isOpen ? this.#debtAtOpening : 0), allowed);
  }

  /** Its probes have cost so much by now. */
  charge(nowNs: number, costs: SlotCosts, { allowed }: FunctionMode): void {
    const costNs = this.#costNs(costs);
    const beforeNs = this.#debt.ns;
    this.#debt.charge(nowNs, costNs, allowed * AIM);
    this.#isSinking = this.#debt.ns > beforeNs;
  }

  /** The load since the last look; where the probes were off, as it was when they last were on. */
  load(nowNs: number, costs: SlotCosts): FunctionLoad {
    const entry = this.#entries.load(nowNs, this.#entryTotals(costs));
    const back = this.#returns.load(nowNs, this.#returnTotals(costs));
    return {
      row: this.row,
      name: nameOf(this.names),
      functions: this.names.size,
      entryHits: entry.hits,
      entryHitNs: entry.hitNs,
      entryArmedNs: entry.armedNs,
      returnHits: back.hits,
      returnHitNs: back.hitNs,
      returnArmedNs: back.armedNs,
      debtNs: this.#debt.ns,
    };
  }

  /** Its probes are to be switched by windows from now on; the first is to come. */
  beginWindows(costs: SlotCosts): void {
    if (this.#window !== null) return;
    this.#window = { open: false, number: 0, dueNs: 0 };
    this.#costAtOpeningNs = this.#costNs(costs);
  }

  endWindows(): void {
    this.#window = null;
  }

  turn(open: boolean): void {
    if (this.#window) Object.assign(this.#window, { open, number: this.#window.number + (open ? 1 : 0) });
  }

  /** Which of its probes are on now. */
  probesIn({ mode }: FunctionMode): { entries: boolean; returns: boolean } {
    const window = this.#window;
    if (window === null) return { entries: true, returns: true };
    if (mode !== 'entries_windowed') return { entries: true, returns: window.open };
    return { entries: window.open, returns: window.open && window.number % TIMED_EVERY === 0 };
  }

  /** Its probes are about to be switched: what they do until they have been belongs to no time. */
  switching(nowNs: number, costs: SlotCosts): void {
    this.#entries.set(nowNs, false, this.#entryTotals(costs));
    this.#returns.set(nowNs, false, this.#returnTotals(costs));
  }

  /** Its probes have been switched. `chance`: between 0 and 1, moves the next window. */
  switched(mode: FunctionMode, nowNs: number, costs: SlotCosts, chance: number): void {
    const { entries, returns } = this.probesIn(mode);
    this.#entries.set(nowNs, entries, this.#entryTotals(costs));
    this.#returns.set(nowNs, returns, this.#returnTotals(costs));
    const window = this.#window;
    if (window === null) return;
    const costNs = this.#costNs(costs);
    if (window.open) [this.#debtAtOpening, this.#costAtOpeningNs] = [this.#debt.ns, costNs];
    const ownNs = costNs - this.#costAtOpeningNs;
    window.dueNs = nowNs + (window.open ? openNs(mode) : closedNs(mode, this.#debt.ns, ownNs, chance));
  }

  #costNs(costs: SlotCosts): number {
    return this.#entryTotals(costs).costNs + this.#returnTotals(costs).costNs;
  }

  #entryTotals({ entryHits, entryCostNs }: SlotCosts): HitTotals {
    return { hits: sumOf(this.slots, entryHits), costNs: sumOf(this.slots, entryCostNs) };
  }

  #returnTotals({ returnHits, returnCostNs }: SlotCosts): HitTotals {
    return { hits: sumOf(this.slots, returnHits), costNs: sumOf(this.slots, returnCostNs) };
  }
}

const nameOf = ([first = '', ...others]: ReadonlySet<string>): string =>
  others.length === 0 ? first : `${others.length + 1} functions`;

const sumOf = (slots: readonly number[], column: Float64Array): number => slots.reduce((sum, slot) => sum + column[slot]!, 0);
