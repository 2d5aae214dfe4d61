/** Carries out the budget: measures what each function's probes cost, and switches them on and off in time windows. */

import { Debt } from '../../budget/debt.js';
import { type Budget, type Decision, type FunctionMode, fullMode, govern } from '../../budget/governor.js';
import type { Probes } from '../probes/probes.js';
import type { SlotReading } from '../reading.js';
import { FunctionGroup } from './function-group.js';
import { type NodePlaces, SeenWindows, type WindowDuties } from './seen-windows.js';
import { readSlotCosts, type SlotCosts } from './slot-costs.js';
import { type TurnDuties, WindowTurns } from './window-turns.js';

export class Throttle {
  /** Filled and emptied in place: the windows' turns go by it. */
  readonly #groups: FunctionGroup[] = [];
  readonly #byName = new Map<string, FunctionGroup>();
  readonly #seen: SeenWindows;
  readonly #turns: WindowTurns;
  #modes: ReadonlyMap<number, FunctionMode> = new Map();
  #governedNs: number;
  /** Of all functions together. */
  readonly #debt: Debt;

  constructor(
    private readonly probes: Probes,
    private readonly duties: WindowDuties & Pick<TurnDuties, 'attempt'>,
    private budget: Budget,
  ) {
    this.#seen = new SeenWindows(probes, duties);
    this.#turns = new WindowTurns(this.#groups, () => duties.nowNs(), {
      switch: (groups, open) => this.#switch(groups, open),
      attempt: (turn) => duties.attempt(turn),
    });
    this.#governedNs = duties.nowNs();
    this.#debt = new Debt(this.#governedNs);
    this.grow();
  }

  /** Takes up slots that have been armed since. */
  grow(): void {
    const added = this.#seen.grow();
    const costs = this.#readCosts();
    for (const slot of added) this.#join(slot, costs);
  }

  /** A process has left: its calls are estimated up to now. */
  retire(pid: number): void {
    this.#seen.retire([...this.probes.slots.keys()].filter((slot) => this.probes.slots[slot]!.mapped.pid === pid));
  }

  /** A quick look between ticks: ends windows that cost too much. True: a function does so outside of windows, and the next tick is too far. */
  isOverrun(): boolean {
    this.#charge();
    const overrun = this.#groups.filter((group) => group.isOverrun(this.#modeOf(group)));
    const open = overrun.filter((group) => group.isOpen);
    this.#switch(open, false);
    if (open.length > 0) this.#turns.schedule();
    return overrun.some((group) => this.#isSteady(group));
  }

  /** One look a tick, or sooner: what the probes cost, and what follows. The caller announces the steps, and ends the session where they say so. */
  govern(budget: Budget): Decision {
    this.budget = budget;
    const costs = this.#charge();
    const nowNs = this.duties.nowNs();
    const loads = this.#groups.map((group) => group.load(nowNs, costs));
    this.#debt.charge(nowNs, totalOf(costs), budget.perSession);
    const decision = govern(this.#modes, loads, budget, nowNs - this.#governedNs, this.#debt.ns);
    this.#governedNs = nowNs;
    if (decision.crowd.length > 0) this.#gather(decision, costs);
    const changed = this.#groups.filter((group) => this.#modeOf(group).mode !== (decision.modes.get(group.row)?.mode ?? 'full'));
    this.#modes = decision.modes;
    if (!decision.end && changed.length > 0) this.#change(changed);
    this.#seen.look(nowNs, costs);
    return decision;
  }

  /** No window opens or closes any more. */
  stop(): void {
    this.#turns.stop();
    this.#seen.end();
  }

  /** Puts estimates where calls were not counted all the time. */
  estimate(reading: SlotReading, nodes: NodePlaces): void {
    this.#seen.estimate(reading, nodes);
  }

  /** A function that is windowed in other processes is so in this one too. */
  #join(slot: number, costs: SlotCosts): void {
    const { name } = this.probes.slots[slot]!.plan;
    const known = this.#byName.get(name);
    if (!known) {
      this.#add(new FunctionGroup([slot], new Set([name]), this.duties.nowNs(), costs));
      return;
    }
    known.slots.push(slot);
    if (!known.isWindowed) return;
    const probes = known.probesIn(this.#modeOf(known));
    if (!probes.entries) this.#seen.close([slot]);
    this.#isolate([known]);
    this.probes.switch([[{ slot, ...probes }]]);
  }

  #add(group: FunctionGroup): void {
    this.#groups.push(group);
    for (const name of group.names) this.#byName.set(name, group);
  }

  /** Functions that share one window from now on. */
  #gather({ crowd, modes }: Decision, costs: SlotCosts): void {
    const rows = new Set(crowd);
    const going = this.#groups.filter(({ row }) => rows.has(row));
    const staying = this.#groups.filter(({ row }) => !rows.has(row));
    const slots = going.flatMap((group) => group.slots);
    const names = new Set(going.flatMap((group) => [...group.names]));
    const gathered = new FunctionGroup(slots, names, this.duties.nowNs(), costs);
    this.#groups.splice(0, this.#groups.length, ...staying);
    this.#add(gathered);
    for (const { row } of going) modes.delete(row);
    modes.set(gathered.row, fullMode(this.budget.perSession));
  }

  /** Functions that shared a window, and have all their probes again, have each its own budget again. */
  #split(crowd: FunctionGroup): void {
    this.probes.share(crowd.slots);
    this.#groups.splice(this.#groups.indexOf(crowd), 1);
    for (const name of crowd.names) this.#byName.delete(name);
    const costs = this.#readCosts();
    for (const slot of crowd.slots) this.#join(slot, costs);
  }

  #modeOf({ row }: FunctionGroup): FunctionMode {
    return this.#modes.get(row) ?? fullMode(this.budget.perFunction);
  }

  /** Whether some of its probes are on outside of windows. */
  #isSteady(group: FunctionGroup): boolean {
    return this.#modeOf(group).mode !== 'entries_windowed';
  }

  #readCosts(): SlotCosts {
    const { session, sites, slots, replacedReturns } = this.probes;
    return readSlotCosts(session.siteHits(), sites, slots.length, this.duties.calibration, replacedReturns);
  }

  #charge(): SlotCosts {
    const costs = this.#readCosts();
    const nowNs = this.duties.nowNs();
    for (const group of this.#groups) group.charge(nowNs, costs, this.#modeOf(group));
    return costs;
  }

  #change(groups: readonly FunctionGroup[]): void {
    const full = groups.filter((group) => this.#modeOf(group).mode === 'full');
    const windowed = groups.filter((group) => !full.includes(group));
    for (const group of full) group.endWindows();
    this.#switch(full, true);
    for (const group of full) if (group.names.size > 1) this.#split(group);
    const costs = this.#charge();
    for (const group of windowed) {
      group.switching(this.duties.nowNs(), costs);
      group.beginWindows(costs);
    }
    const counted = windowed.filter((group) => !this.#isSteady(group));
    this.#seen.close(counted.flatMap(({ slots }) => slots));
    this.#isolate(windowed.filter((group) => this.#isSteady(group)));
    this.#isolate(counted);
    this.#switch(windowed, false);
    this.#turns.schedule();
  }

  /** All of the groups are alike. */
  #isolate(groups: readonly FunctionGroup[]): void {
    if (groups.length === 0) return;
    const lists = groups.map(({ slots }) => slots);
    this.#seen.markLatency(lists.flat());
    this.probes.isolate(lists, this.#isSteady(groups[0]!));
  }

  /** Opens or closes the windows of functions. */
  #switch(groups: readonly FunctionGroup[], open: boolean): void {
    if (groups.length === 0) return;
    const before = this.#charge();
    for (const group of groups) group.switching(this.duties.nowNs(), before);
    const lists = groups.map((group) => {
      group.turn(open);
      const probes = group.probesIn(this.#modeOf(group));
      return group.slots.map((slot) => ({ slot, inWindow: group.isWindowed, ...probes }));
    });
    const switches = lists.flat();
    this.#seen.close(switches.filter(({ entries }) => !entries).map(({ slot }) => slot));
    this.probes.switch(lists);
    this.#seen.open(switches.filter(({ entries }) => entries));
    const costs = this.#charge();
    const nowNs = this.duties.nowNs();
    for (const group of groups) group.switched(this.#modeOf(group), nowNs, costs, Math.random());
  }
}

const totalOf = ({ entryCostNs, returnCostNs }: SlotCosts): number =>
  [entryCostNs, returnCostNs].reduce((sum, column) => column.reduce((all, ns) => all + ns, sum), 0);
