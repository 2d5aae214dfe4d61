/** A session's budget: what was taken away for it, and when the session has to end. */

import type { BudgetStep } from '../../../proto/gen/coral/live/v1/live.js';
import { type Budget, percent } from '../../budget/governor.js';
import type { Lifetime } from '../lifetime.js';
import type { Probes } from '../probes/probes.js';
import type { SlotReading } from '../reading.js';
import { readCost } from '../ticks/overhead.js';
import type { World } from '../world.js';
import { budgetOf } from './asked-budget.js';
import type { NodePlaces } from './seen-windows.js';
import { Throttle } from './throttle.js';
import { WaitingCost } from './waiting-cost.js';

/** For costs that are not compared with the targets' own. */
const NO_TIME = { bootNs: 0n, targetCpuNs: 0 } as const;

export type Announce = (code: string, message: string) => void;

/** Between looks, ms: at first, and after more probes came, every few milliseconds tell whether a program stands still for them. */
const LOOK = { earlyMs: 10, laterMs: 20, earlyForMs: 300, unlimitedMs: 200 } as const;
/** A look at many sites takes longer, and is done less often. */
const SITES_PER_MS = 50;

/** What its session does. */
export interface KeeperDuties {
  /** As asked for now. */
  budgetPercent(): number;
  announce: Announce;
  /** A function costs too much to wait for the next tick. */
  overrun(): void;
  /** Runs what a timer began, and takes what it throws. */
  attempt(work: () => void): void;
}

export class BudgetKeeper {
  /** So far, oldest first. */
  readonly steps: BudgetStep[] = [];
  readonly #throttle: Throttle;
  readonly #waitingCost = new WaitingCost();
  #looking: NodeJS.Timeout | undefined;
  #earlyLooks = 0;

  constructor(
    private readonly probes: Probes,
    private readonly world: World,
    private readonly life: Lifetime,
    private readonly duties: KeeperDuties,
  ) {
    const windowDuties = {
      nowNs: () => Number(life.bootNs()),
      cpuNs: (pid: number) => world.targets.cpuNs(pid),
      threadTimes: (pid: number) => world.targets.threadTimes(pid),
      calibration: world.calibration(),
      attempt: duties.attempt,
    };
    this.#throttle = new Throttle(probes, windowDuties, budgetOf(duties.budgetPercent()));
    this.#look();
  }

  /** One look a tick. False: even the smallest windows cost too much. */
  keep(): boolean {
    const budget = budgetOf(this.duties.budgetPercent());
    const { steps, end } = this.#throttle.govern(budget);
    for (const step of steps) this.#step(step.code, step.message, step.function);
    if (!end && this.probes.asksRuntimes) this.#keepWaiting(budget);
    return !end;
  }

  /** Slots have been added. */
  grow(): void {
    this.#throttle.grow();
    this.#look();
  }

  /** A process has left. */
  retire(pid: number): void {
    this.#throttle.retire(pid);
  }

  /** Puts estimates where calls were not counted all the time. */
  estimate(reading: SlotReading, nodes: NodePlaces): void {
    this.#throttle.estimate(reading, nodes);
  }

  stop(): void {
    clearTimeout(this.#looking);
    this.#throttle.stop();
  }

  /** Looks from now on, at first often. */
  #look(): void {
    this.#earlyLooks = LOOK.earlyForMs / LOOK.earlyMs;
    this.#waitForLook();
  }

  #waitForLook(): void {
    clearTimeout(this.#looking);
    const ms = this.#isUnlimited ? LOOK.unlimitedMs : this.#earlyLooks > 0 ? LOOK.earlyMs : LOOK.laterMs;
    this.#earlyLooks -= 1;
    this.#looking = setTimeout(
      () => this.duties.attempt(() => this.#lookNow()),
      Math.max(ms, this.probes.sites.length / SITES_PER_MS),
    );
  }

  #lookNow(): void {
    this.#waitForLook();
    if (!this.#isUnlimited && this.#throttle.isOverrun()) this.duties.overrun();
  }

  /** Nothing can cost too much; that may change while the session runs. */
  get #isUnlimited(): boolean {
    return budgetOf(this.duties.budgetPercent()).perSession === Number.POSITIVE_INFINITY;
  }

  #keepWaiting(budget: Budget): void {
    const { probes, world, life } = this;
    const { costNs } = readCost(probes.session.siteHits(), probes.runtimeSites, 0, world.calibration(), NO_TIME);
    const share = this.#waitingCost.exceeds(Number(life.bootNs()), costNs, budget);
    if (share === null) return;
    probes.disarmRuntimes();
    const cost = `measuring the waiting, recovered panics and caught exceptions costs ${percent(share)} of a CPU`;
    const rest = 'waiting times are those up to now, and calls that were left are told later';
    this.#step('BUDGET_WAITING_OFF', `${cost}: it has stopped, ${rest}`, '');
  }

  #step(code: string, message: string, name: string): void {
    this.steps.push({ at: this.life.now, code, message, function: name });
    this.duties.announce(code, message);
  }
}
