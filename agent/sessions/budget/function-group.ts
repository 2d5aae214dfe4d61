/** A function in all its processes: one row, with one budget, and one window that its probes are switched by. */

import { type FunctionLoad, type FunctionMode, windowOf } from '../../budget/governor.js';
import { ArmedTime } from './armed-time.js';
import type { SlotCosts } from './slot-costs.js';

/** Where entries are windowed, one window in so many is timed: return probes slow a program more, and its count with it. */
const TIMED_EVERY = 4;

export class FunctionGroup {
  readonly slots: number[];
  readonly #entries: ArmedTime;
  readonly #returns: ArmedTime;
  /** Null while all its probes are on all the time. */
  #window: { open: boolean; number: number; sinceNs: number; dueNs: number } | null = null;

  constructor(
    readonly row: number,
    readonly name: string,
    nowNs: number,
  ) {
    this.slots = [row];
    this.#entries = new ArmedTime(nowNs);
    this.#returns = new ArmedTime(nowNs);
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

  /** The load since the last look; where the probes were off, as it was when they last were on. */
  load(nowNs: number, costs: SlotCosts): FunctionLoad {
    const sum = (column: Float64Array) => this.slots.reduce((total, slot) => total + column[slot]!, 0);
    const entry = this.#entries.load(nowNs, sum(costs.entryHits), sum(costs.entryCostNs));
    const back = this.#returns.load(nowNs, sum(costs.returnHits), sum(costs.returnCostNs));
    return {
      row: this.row,
      name: this.name,
      entryHits: entry.hits,
      entryHitNs: entry.hitNs,
      entryArmedNs: entry.armedNs,
      returnHits: back.hits,
      returnHitNs: back.hitNs,
      returnArmedNs: back.armedNs,
    };
  }

  /** Its probes are to be switched by windows from now on: they stand as in an open one. */
  beginWindows(nowNs: number): void {
    this.#window = { open: true, number: 0, sinceNs: nowNs, dueNs: 0 };
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
    return { entries: window.open, returns: window.open && window.number % TIMED_EVERY === 1 };
  }

  /** Its probes have been switched. */
  switched(mode: FunctionMode, nowNs: number): void {
    const { entries, returns } = this.probesIn(mode);
    this.#entries.set(nowNs, entries);
    this.#returns.set(nowNs, returns);
    this.#setDue(mode.duty, nowNs);
  }

  /** Probes stay on a little longer than planned while they are taken off: the pause makes up for it. */
  #setDue(duty: number, nowNs: number): void {
    const window = this.#window;
    if (window === null) return;
    const { onNs, offNs } = windowOf(duty);
    const wasOnNs = Math.max(nowNs - window.sinceNs, onNs);
    window.dueNs = nowNs + (window.open ? onNs : Math.max(offNs, wasOnNs / duty - wasOnNs));
    window.sinceNs = nowNs;
  }
}
