/** A running session: ticks, changes and its end. */

import type { UpdateSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason } from '../../snapshots/document.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import { BudgetKeeper } from './budget/budget-keeper.js';
import { CENSUS_PER_TICK, LAST_CENSUS } from './census/frame-census.js';
import { describePart, describeSession } from './describe-part.js';
import { Growing } from './growing.js';
import { Lifetime } from './lifetime.js';
import { Newcomers } from './newcomers.js';
import type { PartPlan } from './plan/plan-part.js';
import { insistOnValues } from './plan/plan-values.js';
import type { SessionSink } from './ports.js';
import type { Probes } from './probes/probes.js';
import { Readings } from './readings.js';
import { readWishes, type SessionRequest } from './request.js';
import { SingleCalls } from './single-calls.js';
import { type SessionOperation, type SessionState, transition } from './state.js';
import { type Departure, TargetWatch } from './target-watch.js';
import { verifyTargets } from './verify-text.js';
import type { World } from './world.js';

/** Five ticks a second: what a person can follow. */
const TICK_MS = 200;

export class Session {
  #state: SessionState = 'opening';
  readonly #life: Lifetime;
  readonly #watch: TargetWatch;
  readonly #calls: SingleCalls;
  readonly #readings: Readings;
  readonly #budget: BudgetKeeper;
  readonly #growing: Growing;
  readonly #newcomers: Newcomers;
  readonly #ticking: NodeJS.Timeout;

  /** The end as it was sent; kept until the colony has it. */
  end: SessionEnd | null = null;

  constructor(
    readonly request: SessionRequest,
    part: PartPlan,
    private readonly probes: Probes,
    private readonly world: World,
    private readonly sink: SessionSink,
  ) {
    this.#watch = new TargetWatch(world.targets, part.identities);
    this.#life = new Lifetime(
      () => world.kernel.bootNs(),
      request.durationMs,
      () => this.finish('expired'),
    );
    this.#calls = new SingleCalls(this.id, probes, world, this.#life.wallOffsetNs, request);
    this.#budget = new BudgetKeeper(probes, world, this.#life, {
      budgetPercent: () => request.budgetPercent,
      announce: (code, message) => this.#notify(code, message),
      overrun: () => this.#keepBudget(),
      attempt: (work) => this.#attempt(work),
    });
    const parts = { life: this.#life, watch: this.#watch, calls: this.#calls, budget: this.#budget };
    this.#readings = new Readings(request, probes, parts, world);
    this.#growing = this.#prepareGrowing(part);
    this.#newcomers = this.#prepareNewcomers();
    this.#move('armed');
    this.#ticking = setInterval(() => this.#attempt(() => this.#tick()), TICK_MS);
    this.#life.wait();
    this.#noteMissing(part.notices);
  }

  get id(): string {
    return this.request.sessionId;
  }

  get isOpen(): boolean {
    return this.#state === 'armed';
  }

  get pids(): number[] {
    return this.#watch.pids;
  }

  armed(): PartArmed {
    return describePart(this.#facts(), this.probes.slots, this.#growing.refused);
  }

  /** For a colony that has forgotten this session. */
  info(): SessionInfo {
    return describeSession(this.request, this.world.agentId, this.armed());
  }

  acknowledgeTick(seq: number): void {
    this.#readings.acknowledge(seq);
  }

  /** A new link knows nothing of this session's rows. */
  startOver(): void {
    this.#readings.startOver();
  }

  /** Adds functions, moves the end, changes what is shown singly. Throws like opening does; then nothing has changed. */
  async update(change: UpdateSessionRequest): Promise<PartArmed> {
    this.#move('update');
    if (change.addFunctions.length > 0) await this.#growing.addFunctions(change.addFunctions);
    if (change.config) this.#changeWishes(readWishes(change.config));
    if (change.expiresAt) this.#life.extend(timestampToNs(change.expiresAt), this.world.limits.maxSessionDurationMs);
    return this.armed();
  }

  /** Takes the probes off, reads the last values, compares the text, and sends all that. Once; later calls do nothing. */
  finish(reason: EndReason): void {
    if (this.#move('end')) this.#attempt(() => this.#takeLeave(reason));
  }

  #takeLeave(reason: EndReason): void {
    clearInterval(this.#ticking);
    this.#life.stop();
    this.#readings.lookForGhosts(LAST_CENSUS);
    this.#budget.stop();
    this.probes.disarm();
    this.#calls.send(this.sink);
    const tick = this.#readings.read('settled');
    const verdict = verifyTargets(this.probes.slots, (pid) => this.#watch.lives(pid), this.world);
    this.#ended({ reason, tick, endedAt: tick.at, textVerified: verdict.ok, textDetail: verdict.detail });
  }

  /** Runs it; what it throws, which nobody foresaw, ends this session and no other one. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The probes come off with the kernel side as a whole; what was sent last stands. */
  #fail(error: unknown): void {
    this.world.report(error);
    this.#move('end');
    clearInterval(this.#ticking);
    this.#life.stop();
    this.#budget.stop();
    const message = `the agent met a fault in this session: ${error instanceof Error ? error.message : String(error)}`;
    this.#ended({ reason: 'agent_lost', tick: undefined, endedAt: this.#life.now, textVerified: false, textDetail: message });
  }

  #ended(end: Omit<SessionEnd, 'sessionId'>): void {
    if (!this.#move('ended')) return;
    this.end = { sessionId: this.id, ...end };
    this.probes.session.close();
    this.sink.end(this.end);
  }

  #tick(): void {
    if (!this.#move('tick')) return;
    this.#watch.departures().forEach((departure) => {
      this.#depart(departure);
    });
    this.#keepBudget();
    if (!this.isOpen) return;
    this.#newcomers.look(this.pids);
    this.#calls.send(this.sink);
    this.probes.session.buryDeadThreads();
    if (!this.sink.ready(this.id)) return;
    this.sink.tick(this.#readings.read('live'));
    this.#readings.lookForGhosts(CENSUS_PER_TICK);
  }

  #keepBudget(): void {
    if (this.isOpen && !this.#budget.keep()) this.finish('budget');
  }

  #depart(departure: Departure): void {
    this.#budget.retire(departure.pid);
    this.probes.retire(departure.pid);
    this.#notify(departure.code, departure.message);
    if (this.#watch.pids.length === 0) this.finish('target_exited');
  }

  #notify(code: string, message: string, armed?: PartArmed): void {
    this.sink.notice({ sessionId: this.id, notice: { at: this.#life.now, code, message }, armed });
  }

  #noteMissing(notices: readonly string[]): void {
    for (const message of notices) this.#notify('UNSUPPORTED', message);
  }

  #prepareGrowing(part: PartPlan): Growing {
    return new Growing(part, this.request, this.probes, this.#watch, this.world, {
      insistOnOpen: () => this.#move('update'),
      isOpen: () => this.isOpen,
      grown: () => this.#budget.grow(),
      noteMissing: (notices) => this.#noteMissing(notices),
      joined: (pid, joined) => this.#tellOfJoining(pid, joined),
    });
  }

  #prepareNewcomers(): Newcomers {
    return new Newcomers(this.request.standing, {
      targets: this.world.targets,
      replicas: () => this.world.replicas(this.request.service, this.request.patterns),
      join: (pid) => this.#growing.join(pid),
      tell: (code, message) => this.#notify(code, message),
      failed: (error) => this.#fail(error),
    });
  }

  #tellOfJoining(pid: number, { slots, refused }: PartPlan): void {
    const probed = slots.length === 1 ? '1 function is' : `${slots.length} functions are`;
    const message = `process ${pid} has joined: ${probed} probed in it`;
    this.#notify('PROCESS_JOINED', message, describePart(this.#facts(), slots, refused));
  }

  /** All or nothing: where a filter cannot be evaluated for a function, nothing has changed. */
  #changeWishes(wishes: ReturnType<typeof readWishes>): void {
    const { values, notices } = insistOnValues(this.probes.slots, wishes, this.world.targets);
    this.#calls.send(this.sink);
    Object.assign(this.request, wishes, { budgetPercent: wishes.budgetPercent || this.request.budgetPercent });
    this.#calls.change(wishes);
    this.probes.setKnobs(wishes);
    this.probes.setValues(values);
    this.#noteMissing(notices);
  }

  /** True when the operation is to be done. */
  #move(operation: SessionOperation): boolean {
    const next = transition(this.id, this.#state, operation);
    if (next !== null) this.#state = next;
    return next !== null;
  }

  #facts() {
    const { startedAt, expiresAt } = this.#life;
    return { sessionId: this.id, agentId: this.world.agentId, calibration: this.world.calibration(), startedAt, expiresAt };
  }
}
