/** Carries out the budget: measures what each function's probes cost, and switches them on and off in time windows. */

import { type Budget, type Decision, type FunctionMode, govern } from '../../budget/governor.js';
import type { Probes } from '../probes/probes.js';
import type { Switch } from '../probes/slot-links.js';
import type { SlotReading } from '../reading.js';
import { FunctionGroup } from './function-group.js';
import { SeenWindows, type WindowDuties } from './seen-windows.js';
import { readSlotCosts } from './slot-costs.js';

/** Windows that are due within this time are switched together: taking probes off makes the agent wait some 20 ms. */
const TOGETHER_NS = 20e6;

export class Throttle {
  readonly #groups: FunctionGroup[] = [];
  readonly #seen: SeenWindows;
  #modes: ReadonlyMap<number, FunctionMode> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly probes: Probes,
    private readonly duties: WindowDuties,
  ) {
    this.#seen = new SeenWindows(probes, duties);
    this.grow();
  }

  /** Takes up slots that have been armed since. */
  grow(): void {
    const nowNs = this.duties.nowNs();
    for (const slot of this.#seen.grow(nowNs)) this.#join(slot, nowNs);
  }

  /** One look a tick: what the probes cost, and what follows. The caller announces the steps, and ends the session where they say so. */
  govern(budget: Budget): Decision {
    const [nowNs, costs] = [this.duties.nowNs(), this.#costs()];
    const loads = this.#groups.map((group) => group.load(nowNs, costs));
    const decision = govern(this.#modes, loads, budget);
    const changed = this.#groups.filter(({ row }) => this.#modeOf(row).mode !== (decision.modes.get(row)?.mode ?? 'full'));
    this.#modes = decision.modes;
    if (!decision.end && changed.length > 0) this.#change(changed);
    return decision;
  }

  /** No window opens or closes any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#seen.end();
  }

  /** Puts estimates where calls were not counted all the time. */
  estimate(reading: SlotReading): void {
    this.#seen.estimate(reading);
  }

  /** A function that is windowed in other processes is so in this one too. */
  #join(slot: number, nowNs: number): void {
    const { name } = this.probes.slots[slot]!.plan;
    const known = this.#groups.find((group) => group.name === name);
    if (!known) {
      this.#groups.push(new FunctionGroup(slot, name, nowNs));
      return;
    }
    known.slots.push(slot);
    if (known.isWindowed) this.#isolate([slot]);
    if (known.isOpen) this.probes.switch([{ slot, ...known.probesIn(this.#modeOf(known.row)) }]);
  }

  #modeOf(row: number): FunctionMode {
    return this.#modes.get(row) ?? { mode: 'full', duty: 1, calmTicks: 0, overTicks: 0 };
  }

  #costs() {
    const { session, sites, slots } = this.probes;
    return readSlotCosts(session.siteHits(), sites, slots.length, this.duties.calibration);
  }

  #change(groups: readonly FunctionGroup[]): void {
    const full = groups.filter(({ row }) => this.#modeOf(row).mode === 'full');
    const windowed = groups.filter((group) => !full.includes(group));
    this.#isolate(windowed.flatMap(({ slots }) => slots));
    for (const group of full) group.endWindows();
    this.#switch(full, true);
    for (const group of windowed) group.beginWindows(this.duties.nowNs());
    this.#switch(windowed, false);
    this.#schedule();
  }

  #isolate(slots: readonly number[]): void {
    if (slots.length === 0) return;
    this.#seen.markLatency(slots);
    this.probes.isolate(slots);
  }

  /** Opens or closes the windows of functions. */
  #switch(groups: readonly FunctionGroup[], open: boolean): void {
    if (groups.length === 0) return;
    const switches: Switch[] = groups.flatMap((group) => {
      group.turn(open);
      const probes = group.probesIn(this.#modeOf(group.row));
      return group.slots.map((slot) => ({ slot, ...probes }));
    });
    const slotsWith = (on: boolean) => switches.filter(({ entries }) => entries === on).map(({ slot }) => slot);
    this.#seen.close(slotsWith(false), this.duties.nowNs());
    this.probes.switch(switches);
    const nowNs = this.duties.nowNs();
    this.#seen.open(slotsWith(true), nowNs);
    for (const group of groups) group.switched(this.#modeOf(group.row), nowNs);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const dueNs = Math.min(...this.#groups.map((group) => group.dueNs));
    if (dueNs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#turn(), Math.max((dueNs - this.duties.nowNs()) / 1e6, 0));
  }

  /** Switches every function whose window is over, or begins. */
  #turn(): void {
    const untilNs = this.duties.nowNs() + TOGETHER_NS;
    const due = this.#groups.filter((group) => group.dueNs <= untilNs);
    const [open, closed] = [due.filter((group) => group.isOpen), due.filter((group) => !group.isOpen)];
    this.#switch(open, false);
    this.#switch(closed, true);
    this.#schedule();
  }
}
