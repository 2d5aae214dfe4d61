/** How a running session grows: functions that are added, processes that join. */

import type { Refusal } from '../../proto/gen/coral/live/v1/live.js';
import { admitGrowth, growProbes, planGrowth } from './grow-probes.js';
import { admitPatterns } from './limits/limits.js';
import { insistOnSlots, type PartPlan } from './plan/plan-part.js';
import type { Probes } from './probes/probes.js';
import type { SessionRequest } from './request.js';
import type { TargetWatch } from './target-watch.js';
import type { World } from './world.js';

/** What a session does when it grows. */
export interface GrowthDuties {
  /** Throws when the session ended while the growth was planned. */
  insistOnOpen(): void;
  isOpen(): boolean;
  /** More slots are armed. */
  grown(): void;
  /** Sentences for the user: what is missing although nothing was refused. */
  noteMissing(notices: readonly string[]): void;
  /** A process has joined, with the part that was armed in it. */
  joined(pid: number, part: PartPlan): void;
}

export class Growing {
  /** Of all that was asked for. */
  refused: Refusal[];

  constructor(
    part: PartPlan,
    private readonly request: SessionRequest,
    private readonly probes: Probes,
    private readonly watch: TargetWatch,
    private readonly world: World,
    private readonly duties: GrowthDuties,
  ) {
    this.refused = part.refused;
  }

  /** Throws like opening does; then nothing has changed. */
  async addFunctions(patterns: readonly string[]): Promise<void> {
    admitPatterns([...this.request.patterns, ...patterns]);
    const growth = { pids: this.watch.pids, patterns: [...patterns] };
    const part = await planGrowth(growth, this.request, this.probes, this.world);
    this.duties.insistOnOpen();
    this.#grow(part);
    this.request.patterns.push(...patterns);
  }

  async join(pid: number): Promise<void> {
    const growth = { pids: [pid], patterns: this.request.patterns };
    const part = await planGrowth(growth, this.request, this.probes, this.world);
    if (!this.duties.isOpen()) return;
    insistOnSlots(part, false);
    this.#grow(part);
    for (const [joined, identity] of part.identities) this.watch.join(joined, identity);
    this.request.pids.push(pid);
    this.duties.joined(pid, part);
  }

  #grow(part: PartPlan): void {
    admitGrowth(part, this.request.sessionId, this.probes);
    growProbes(part, this.request, this.probes);
    this.duties.grown();
    this.refused = [...this.refused, ...part.refused];
    this.duties.noteMissing(part.notices);
  }
}
