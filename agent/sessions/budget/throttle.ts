/** Carries out the budget: measures what each function's probes cost, and switches them on and off in time windows. */

import { type Budget, type Decision, type FunctionLoad, type FunctionMode, govern, windowOf } from '../../budget/governor.js';
import type { Calibration } from '../../kernel/kernel.js';
import { hitNs } from '../overhead.js';
import type { Probes } from '../probes/probes.js';
import type { Switch } from '../probes/slot-links.js';
import type { SlotReading } from '../reading.js';
import { ArmedTime } from './armed-time.js';
import { type SlotTotals, SlotWindows } from './slot-windows.js';

/** Windows that are due within this time are switched together: taking probes off makes the agent wait some 20 ms. */
const TOGETHER_NS = 20e6;

/** Where entries are windowed, one window in so many is timed: return probes slow a program more, and its count with it. */
const TIMED_EVERY = 4;

/** Bits of FunctionColumns.estimated. */
const LATENCY_WINDOWED = 1;
const CALLS_WINDOWED = 2;

/** A function in all its processes: one row, with one budget. */
interface Group {
  row: number;
  name: string;
  slots: number[];
  entries: ArmedTime;
  returns: ArmedTime;
  /** Null while all its probes are on all the time. */
  window: { open: boolean; number: number; sinceNs: number; dueNs: number } | null;
}

/** What the throttle needs of its session. */
export interface ThrottleDuties {
  nowNs(): number;
  /** Processor time of a process so far, ns. */
  cpuNs(pid: number): number;
  calibration: Calibration;
}

export class Throttle {
  readonly #groups: Group[] = [];
  readonly #windows: SlotWindows[] = [];
  readonly #latencyWindowed = new Set<number>();
  #modes: ReadonlyMap<number, FunctionMode> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly probes: Probes,
    private readonly duties: ThrottleDuties,
  ) {
    this.grow();
  }

  /** Takes up slots that have been armed since. */
  grow(): void {
    const nowNs = this.duties.nowNs();
    for (let slot = this.#windows.length; slot < this.probes.slots.length; slot++) {
      this.#windows.push(new SlotWindows(nowNs, this.duties.cpuNs(this.probes.slots[slot]!.mapped.pid)));
      this.#join(slot, nowNs);
    }
  }

  /** One look a tick: what the probes cost, and what follows. The caller announces the steps, and ends the session where they say so. */
  govern(budget: Budget): Decision {
    const loads = this.#measure();
    const decision = govern(this.#modes, loads, budget);
    const changed = this.#groups.filter(({ row }) => this.#modeOf(row).mode !== (decision.modes.get(row)?.mode ?? 'full'));
    this.#modes = decision.modes;
    if (!decision.end && changed.length > 0) this.#change(changed);
    return decision;
  }

  /** No window opens or closes any more. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const windows of this.#windows) windows.end(this.duties.nowNs());
  }

  /** Puts estimates where calls were not counted all the time; the calls that were not seen are untracked. */
  estimate(reading: SlotReading): void {
    const nowNs = this.duties.nowNs();
    const { estimated, callsError } = reading;
    if (!this.#windows.some((windows) => windows.isPartial) && this.#latencyWindowed.size === 0) return;
    const totals = this.#totalsOf([...this.#windows.keys()]);
    this.#windows.forEach((windows, slot) => {
      if (this.#latencyWindowed.has(slot)) estimated[slot]! |= LATENCY_WINDOWED;
      const seen = Number(reading.calls[slot]!);
      const estimate = windows.isPartial ? windows.estimate(nowNs, { ...totals(slot), calls: seen }) : null;
      if (estimate === null) return;
      estimated[slot]! |= CALLS_WINDOWED;
      callsError[slot] = BigInt(estimate.error);
      reading.calls[slot]! += BigInt(estimate.calls - seen);
      reading.untracked[slot]! += BigInt(estimate.calls - seen);
    });
  }

  /** A function that is windowed in other processes is so in this one too. */
  #join(slot: number, nowNs: number): void {
    const { name } = this.probes.slots[slot]!.plan;
    const known = this.#groups.find((group) => group.name === name);
    if (!known) {
      this.#groups.push({
        row: slot,
        name,
        slots: [slot],
        entries: new ArmedTime(nowNs),
        returns: new ArmedTime(nowNs),
        window: null,
      });
      return;
    }
    known.slots.push(slot);
    if (known.window) this.#isolate([slot]);
    if (known.window?.open) this.probes.switch([{ slot, ...this.#switchOf(known) }]);
  }

  #modeOf(row: number): FunctionMode {
    return this.#modes.get(row) ?? { mode: 'full', duty: 1, calmTicks: 0, overTicks: 0 };
  }

  /** The load of each function since the last look; of one whose probes were off, as they were when they last were on. */
  #measure(): FunctionLoad[] {
    const nowNs = this.duties.nowNs();
    const costs = this.#costs();
    return this.#groups.map(({ row, name, slots, entries, returns }) => {
      const sum = (column: Float64Array) => slots.reduce((total, slot) => total + column[slot]!, 0);
      const entry = entries.load(nowNs, sum(costs.entryHits), sum(costs.entryCostNs));
      const back = returns.load(nowNs, sum(costs.returnHits), sum(costs.returnCostNs));
      return {
        row,
        name,
        entryHits: entry.hits,
        entryHitNs: entry.hitNs,
        entryArmedNs: entry.armedNs,
        returnHits: back.hits,
        returnHitNs: back.hitNs,
        returnArmedNs: back.armedNs,
      };
    });
  }

  /** Hits and their cost so far, by slot. */
  #costs() {
    const column = () => new Float64Array(this.probes.slots.length);
    const costs = {
      entryHits: column(),
      returnHits: column(),
      entryCostNs: column(),
      returnCostNs: column(),
      costNs: column(),
    };
    const hits = this.probes.session.siteHits();
    for (const { site, slot, cost, isReturn } of this.probes.sites) {
      const count = Number(hits[site]!);
      costs[isReturn ? 'returnHits' : 'entryHits'][slot]! += count;
      const costNs = count * hitNs(cost, this.duties.calibration);
      costs[isReturn ? 'returnCostNs' : 'entryCostNs'][slot]! += costNs;
      costs.costNs[slot]! += costNs;
    }
    return costs;
  }

  #change(groups: readonly Group[]): void {
    const full = groups.filter(({ row }) => this.#modeOf(row).mode === 'full');
    const windowed = groups.filter((group) => !full.includes(group));
    this.#isolate(windowed.flatMap(({ slots }) => slots));
    for (const group of full) group.window = null;
    this.#switch(full, true);
    for (const group of windowed) group.window = { open: true, number: 0, sinceNs: this.duties.nowNs(), dueNs: 0 };
    this.#switch(windowed, false);
    this.#schedule();
  }

  #isolate(slots: readonly number[]): void {
    if (slots.length === 0) return;
    for (const slot of slots) this.#latencyWindowed.add(slot);
    this.probes.isolate(slots);
  }

  /** Opens or closes the windows of functions. */
  #switch(groups: readonly Group[], open: boolean): void {
    if (groups.length === 0) return;
    const switches: Switch[] = groups.flatMap((group) => {
      if (group.window) Object.assign(group.window, { open, number: group.window.number + (open ? 1 : 0) });
      return group.slots.map((slot) => ({ slot, ...this.#switchOf(group) }));
    });
    const entriesOff = switches.filter(({ entries }) => !entries).map(({ slot }) => slot);
    this.#closeWindows(entriesOff, this.duties.nowNs());
    this.probes.switch(switches);
    const nowNs = this.duties.nowNs();
    this.#openWindows(
      switches.filter(({ entries }) => entries).map(({ slot }) => slot),
      nowNs,
    );
    for (const group of groups) {
      const { entries, returns } = this.#switchOf(group);
      group.entries.set(nowNs, entries);
      group.returns.set(nowNs, returns);
      if (group.window) this.#setDue(group.window, this.#modeOf(group.row).duty, nowNs);
    }
  }

  #switchOf({ row, window }: Group): { entries: boolean; returns: boolean } {
    if (window === null) return { entries: true, returns: true };
    if (this.#modeOf(row).mode !== 'entries_windowed') return { entries: true, returns: window.open };
    return { entries: window.open, returns: window.open && window.number % TIMED_EVERY === 1 };
  }

  /** Probes stay on a little longer than planned while they are taken off: the pause makes up for it. */
  #setDue(window: NonNullable<Group['window']>, duty: number, nowNs: number): void {
    const { onNs, offNs } = windowOf(duty);
    const wasOnNs = Math.max(nowNs - window.sinceNs, onNs);
    window.dueNs = nowNs + (window.open ? onNs : Math.max(offNs, wasOnNs / duty - wasOnNs));
    window.sinceNs = nowNs;
  }

  #openWindows(slots: readonly number[], nowNs: number): void {
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#windows[slot]!.open(nowNs, totals(slot));
  }

  #closeWindows(slots: readonly number[], nowNs: number): void {
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#windows[slot]!.close(nowNs, totals(slot));
  }

  #totalsOf(slots: readonly number[]): (slot: number) => SlotTotals {
    if (slots.length === 0) return () => ({ calls: 0, costNs: 0, cpuNs: 0 });
    const { calls } = this.probes.session.readSlots();
    const { costNs } = this.#costs();
    const pids = new Set(slots.map((slot) => this.probes.slots[slot]!.mapped.pid));
    const cpuNs = new Map([...pids].map((pid) => [pid, this.duties.cpuNs(pid)]));
    // A function is slowed by the probes of those that it calls, too.
    const processCostNs = new Map<number, number>();
    for (const [slot, { mapped }] of this.probes.slots.entries())
      processCostNs.set(mapped.pid, (processCostNs.get(mapped.pid) ?? 0) + costNs[slot]!);
    return (slot) => {
      const { pid } = this.probes.slots[slot]!.mapped;
      return { calls: Number(calls[slot]!), costNs: processCostNs.get(pid)!, cpuNs: cpuNs.get(pid)! };
    };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const due = this.#groups.flatMap(({ window }) => window?.dueNs ?? []);
    if (due.length === 0) return;
    const inMs = (Math.min(...due) - this.duties.nowNs()) / 1e6;
    this.#timer = setTimeout(() => this.#turn(), Math.max(inMs, 0));
  }

  /** Switches every function whose window is over, or begins. */
  #turn(): void {
    const untilNs = this.duties.nowNs() + TOGETHER_NS;
    const due = this.#groups.filter(({ window }) => window !== null && window.dueNs <= untilNs);
    const [open, closed] = [due.filter(({ window }) => window!.open), due.filter(({ window }) => !window!.open)];
    this.#switch(open, false);
    this.#switch(closed, true);
    this.#schedule();
  }
}
