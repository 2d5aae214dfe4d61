/** When each slot's entries were probed, and the estimates of those that were not probed all the time. */

import type { Calibration } from '../../kernel/kernel.js';
import type { Probes } from '../probes/probes.js';
import type { SlotReading } from '../reading.js';
import { readSlotCosts } from './slot-costs.js';
import { type SlotTotals, SlotWindows } from './slot-windows.js';

/** Bits of FunctionColumns.estimated. */
const LATENCY_WINDOWED = 1;
const CALLS_WINDOWED = 2;

/** What it needs of its session. */
export interface WindowDuties {
  nowNs(): number;
  /** Processor time of a process so far, ns. */
  cpuNs(pid: number): number;
  calibration: Calibration;
}

export class SeenWindows {
  readonly #windows: SlotWindows[] = [];
  readonly #latencyWindowed = new Set<number>();

  constructor(
    private readonly probes: Probes,
    private readonly duties: WindowDuties,
  ) {}

  /** Takes up slots that have been armed since; gives their numbers. */
  grow(nowNs: number): number[] {
    const added: number[] = [];
    for (let slot = this.#windows.length; slot < this.probes.slots.length; slot++) {
      this.#windows.push(new SlotWindows(nowNs, this.duties.cpuNs(this.probes.slots[slot]!.mapped.pid)));
      added.push(slot);
    }
    return added;
  }

  /** The returns of these are not probed all the time. */
  markLatency(slots: readonly number[]): void {
    for (const slot of slots) this.#latencyWindowed.add(slot);
  }

  open(slots: readonly number[], nowNs: number): void {
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#windows[slot]!.open(nowNs, totals(slot));
  }

  close(slots: readonly number[], nowNs: number): void {
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#windows[slot]!.close(nowNs, totals(slot));
  }

  /** What comes after is not of the session. */
  end(): void {
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

  #totalsOf(slots: readonly number[]): (slot: number) => SlotTotals {
    if (slots.length === 0) return () => ({ calls: 0, costNs: 0, cpuNs: 0 });
    const { session, sites } = this.probes;
    const { calls } = session.readSlots();
    const costs = readSlotCosts(session.siteHits(), sites, this.probes.slots.length, this.duties.calibration);
    const pids = new Set(slots.map((slot) => this.probes.slots[slot]!.mapped.pid));
    const cpuNs = new Map([...pids].map((pid) => [pid, this.duties.cpuNs(pid)]));
    // A function is slowed by the probes of those that it calls, too.
    const processCostNs = new Map<number, number>();
    for (const [slot, { mapped }] of this.probes.slots.entries()) {
      const costNs = costs.entryCostNs[slot]! + costs.returnCostNs[slot]!;
      processCostNs.set(mapped.pid, (processCostNs.get(mapped.pid) ?? 0) + costNs);
    }
    return (slot) => {
      const { pid } = this.probes.slots[slot]!.mapped;
      return { calls: Number(calls[slot]!), costNs: processCostNs.get(pid)!, cpuNs: cpuNs.get(pid)! };
    };
  }
}
