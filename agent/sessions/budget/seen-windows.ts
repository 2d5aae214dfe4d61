/** When each slot's entries were probed, and the estimates of those that were not probed all the time. */

import type { Stretch } from '../../budget/expected-calls.js';
import { SHORTEST_CALL_NS, shortestCallNs } from '../../budget/shortest-call.js';
import type { Calibration, NodeColumns } from '../../kernel/kernel.js';
import type { ThreadTimes } from '../ports.js';
import type { Probes } from '../probes/probes.js';
import type { Switch } from '../probes/slot-links.js';
import type { SlotReading } from '../reading.js';
import { hitNs } from '../ticks/overhead.js';
import { readSlotCosts, type SlotCosts } from './slot-costs.js';
import { type SlotTotals, SlotWindows } from './slot-windows.js';
import { addSharesOnce } from './thread-shares.js';

/** Bits of FunctionColumns.estimated. */
const LATENCY_WINDOWED = 1;
const CALLS_WINDOWED = 2;

/** A reading that takes less tells of one moment. */
const ONE_MOMENT_NS = 5e5;
const MAX_READINGS = 4;

/** What it needs of its session. */
export interface WindowDuties {
  nowNs(): number;
  /** Of a process so far; null: it is gone. */
  cpuNs(pid: number): number | null;
  threadTimes(pid: number): ThreadTimes | null;
  calibration: Calibration;
}

/** Who calls whom. */
export type NodePlaces = Pick<NodeColumns, 'id' | 'parent' | 'slot'>;

type ProcessTimes = Pick<SlotTotals, 'cpuNs' | 'threads'>;

export class SeenWindows {
  readonly #windows: SlotWindows[] = [];
  readonly #addShares = addSharesOnce();
  readonly #latencyWindowed = new Set<number>();
  #endedNs = Number.POSITIVE_INFINITY;
  /** Of slots whose process has left: they stay as they were then. */
  readonly #final = new Map<number, SlotTotals>();
  /** A process that has left has no times any more. */
  readonly #lastTimes = new Map<number, ProcessTimes>();

  constructor(
    private readonly probes: Probes,
    private readonly duties: WindowDuties,
  ) {}

  /** Takes up slots that have been armed since; gives their numbers. */
  grow(): number[] {
    const added = [...this.probes.slots.keys()].slice(this.#windows.length);
    const totals = this.#totalsOf(added);
    for (const slot of added) this.#windows.push(new SlotWindows(totals(slot), this.#addShares));
    return added;
  }

  /** The returns of these are not probed all the time. */
  markLatency(slots: readonly number[]): void {
    for (const slot of slots) this.#latencyWindowed.add(slot);
  }

  /** Entries have been switched on, with returns or without: for a window, or for good. */
  open(switches: readonly (Switch & { inWindow: boolean })[]): void {
    if (switches.length === 0) return;
    const totals = this.#totalsOf(switches.map(({ slot }) => slot));
    for (const { slot, returns, inWindow } of switches)
      this.#windows[slot]!.open(inWindow ? this.#kindOf(slot, returns) : 'probed', totals(slot));
  }

  /** A look at all of them, with what the probes have cost up to then. */
  look(ns: number, costs: SlotCosts): void {
    const costNs = this.#costsByProcess(costs);
    this.#windows.forEach((windows, slot) => {
      windows.look({ ns, calls: costs.entryHits[slot]!, costNs: costNs.get(this.probes.slots[slot]!.mapped.pid)! });
    });
  }

  close(slots: readonly number[]): void {
    if (slots.length === 0) return;
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#windows[slot]!.close(totals(slot));
  }

  /** Their process has left. */
  retire(slots: readonly number[]): void {
    const totals = this.#totalsOf(slots);
    for (const slot of slots) this.#final.set(slot, totals(slot));
  }

  /** What comes after is not of the session. */
  end(): void {
    this.#endedNs = this.duties.nowNs();
  }

  /** Puts estimates where calls were not counted all the time; the calls that were not seen are untracked. */
  estimate(reading: SlotReading, nodes: NodePlaces): void {
    const { estimated, callsError } = reading;
    if (!this.#windows.some((windows) => windows.isPartial) && this.#latencyWindowed.size === 0) return;
    const totals = this.#totalsOf([...this.#windows.keys()]);
    const callers = this.#callers(nodes);
    this.#windows.forEach((windows, slot) => {
      if (this.#latencyWindowed.has(slot)) estimated[slot]! |= LATENCY_WINDOWED;
      const seen = Number(reading.calls[slot]!);
      const estimate = windows.estimate({ ...totals(slot), calls: seen }, this.#known(slot, reading, callers));
      if (estimate === null) return;
      estimated[slot]! |= CALLS_WINDOWED;
      callsError[slot] = BigInt(estimate.error);
      reading.calls[slot]! += BigInt(estimate.calls - seen);
      reading.untracked[slot]! += BigInt(estimate.calls - seen);
    });
  }

  #known(slot: number, reading: SlotReading, callers: ReadonlySet<number>) {
    const [returns, minNs] = [Number(reading.returns[slot]!), Number(reading.minNs[slot]!)];
    const stepped = this.probes.slots[slot]!.sites.some(({ site }) => site.role === 'entry' && site.cost === 'stepped');
    const { calibration } = this.duties;
    const entryHitNs = hitNs(stepped ? 'stepped' : 'emulated', calibration);
    const leastNs = callers.has(slot) ? SHORTEST_CALL_NS : shortestCallNs(minNs, returns, entryHitNs);
    if (returns === 0) return { entryHitNs, leastNs };
    return { entryHitNs, leastNs, shortestNs: Math.max(minNs - entryHitNs - hitNs('emulated', calibration), 1) };
  }

  /** Slots whose timed calls may have others' probes in them: of functions that were seen to call some, or may have called those that are only counted. */
  #callers({ id, parent, slot }: NodePlaces): Set<number> {
    const slotOf = new Map([...id].map((node, i) => [node, slot[i]!]));
    const callers = new Set([...parent].flatMap((node) => slotOf.get(node) ?? []));
    const counting = new Set(this.probes.slots.filter(({ program }) => program === 'count').map(({ mapped }) => mapped.pid));
    this.probes.slots.forEach(({ mapped }, number) => {
      if (counting.has(mapped.pid)) callers.add(number);
    });
    return callers;
  }

  /** Where calls are only counted, returns cost nothing. */
  #kindOf(slot: number, returns: boolean): Stretch['kind'] {
    return returns && this.probes.slots[slot]!.program !== 'count' ? 'timed' : 'counted';
  }

  #totalsOf(slots: readonly number[]): (slot: number) => SlotTotals {
    const all = this.probes.slots;
    const { ns, costs, times } = this.#read(new Set(slots.map((slot) => all[slot]!.mapped.pid)));
    const { entryHits } = costs;
    const costNs = this.#costsByProcess(costs);
    return (slot) => {
      const final = this.#final.get(slot);
      if (final) return final;
      const { pid } = all[slot]!.mapped;
      return { ns, calls: entryHits[slot]!, costNs: costNs.get(pid)!, ...times.get(pid)! };
    };
  }

  /** A function is slowed by the probes of those that it calls, too. */
  #costsByProcess({ entryCostNs, returnCostNs }: SlotCosts): Map<number, number> {
    const costNs = new Map<number, number>();
    for (const [slot, { mapped }] of this.probes.slots.entries())
      costNs.set(mapped.pid, (costNs.get(mapped.pid) ?? 0) + entryCostNs[slot]! + returnCostNs[slot]!);
    return costNs;
  }

  /**
   * Clock, hits and times of one moment: again while that is much quicker, for the agent may have waited for a processor in
   * between. Where it is not, the process's many threads take the time.
   */
  #read(pids: ReadonlySet<number>) {
    let best = this.#readOnce(pids);
    for (let left = MAX_READINGS - 1; left > 0 && best.tookNs >= ONE_MOMENT_NS; left--) {
      const again = this.#readOnce(pids);
      if (again.tookNs > best.tookNs / 2) break;
      best = again;
    }
    return best;
  }

  #readOnce(pids: ReadonlySet<number>) {
    const { session, sites, slots, replacedReturns } = this.probes;
    const { calibration, nowNs } = this.duties;
    const ns = nowNs();
    const costs = readSlotCosts(session.siteHits(), sites, slots.length, calibration, replacedReturns);
    const times = new Map([...pids].map((pid) => [pid, this.#timesOf(pid)]));
    return { ns: Math.min(ns, this.#endedNs), costs, times, tookNs: nowNs() - ns };
  }

  #timesOf(pid: number): ProcessTimes {
    const cpuNs = this.duties.cpuNs(pid);
    const threads = this.duties.threadTimes(pid);
    if (cpuNs === null || threads === null) return this.#lastTimes.get(pid) ?? { cpuNs: 0, threads: new Map() };
    const times = { cpuNs, threads };
    this.#lastTimes.set(pid, times);
    return times;
  }
}
