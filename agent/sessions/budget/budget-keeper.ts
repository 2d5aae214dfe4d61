/** A session's budget: what was taken away for it, and when the session has to end. */

import type { BudgetStep } from '../../../proto/gen/coral/live/v1/live.js';
import type { Lifetime } from '../lifetime.js';
import { readCost } from '../overhead.js';
import type { Probes } from '../probes/probes.js';
import type { SlotReading } from '../reading.js';
import type { World } from '../world.js';
import { budgetOf } from './asked-budget.js';
import { Throttle } from './throttle.js';
import { WaitingCost } from './waiting-cost.js';

/** For costs that are not compared with the targets' own. */
const NO_TIME = { bootNs: 0n, targetCpuNs: 0 } as const;

export type Announce = (code: string, message: string) => void;

export class BudgetKeeper {
  /** So far, oldest first. */
  readonly steps: BudgetStep[] = [];
  readonly #throttle: Throttle;
  readonly #waitingCost = new WaitingCost();

  constructor(
    private readonly probes: Probes,
    private readonly world: World,
    private readonly life: Lifetime,
    private readonly announce: Announce,
  ) {
    this.#throttle = new Throttle(probes, {
      nowNs: () => Number(life.bootNs()),
      cpuNs: (pid) => world.targets.threadsCpuNs(pid) ?? 0,
      calibration: world.calibration(),
    });
  }

  /** One look a tick. False: even the smallest windows cost too much. */
  keep(budgetPercent: number): boolean {
    const { steps, end } = this.#throttle.govern(budgetOf(budgetPercent));
    for (const { row, code, message } of steps) this.#step(code, message, this.probes.slots[row]!.plan.name);
    if (!end && this.probes.waitingPids.length > 0) this.#keepWaiting(budgetPercent);
    return !end;
  }

  /** Slots have been added. */
  grow(): void {
    this.#throttle.grow();
  }

  /** Puts estimates where calls were not counted all the time. */
  estimate(reading: SlotReading): void {
    this.#throttle.estimate(reading);
  }

  stop(): void {
    this.#throttle.stop();
  }

  #keepWaiting(budgetPercent: number): void {
    const { probes, world, life } = this;
    const { costNs } = readCost(probes.session.siteHits(), probes.waitSites, 0, world.calibration(), NO_TIME);
    const share = this.#waitingCost.exceeds(Number(life.bootNs()), costNs, budgetOf(budgetPercent));
    if (share === null) return;
    probes.disarmWaits();
    const cost = `measuring the waiting costs ${(share * 100).toPrecision(2)} % of a CPU`;
    this.#step('BUDGET_WAITING_OFF', `${cost}: it has stopped, waiting times are those up to now`, '');
  }

  #step(code: string, message: string, name: string): void {
    this.steps.push({ at: this.life.now, code, message, function: name });
    this.announce(code, message);
  }
}
