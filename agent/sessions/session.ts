/** A running session: ticks, changes and its end. */

import type { UpdateSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Refusal, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason } from '../../snapshots/document.js';
import { timestampToNs } from '../../snapshots/times/times.js';
import { waitKind as waitKindOf } from '../waiting/wait-reasons.js';
import { shownBudget } from './budget/asked-budget.js';
import { BudgetKeeper } from './budget/budget-keeper.js';
import { describePart, describeSession } from './describe-part.js';
import { CENSUS_PER_TICK, type CensusSources, type FrameKey, suspectFrames } from './frame-census.js';
import { admitGrowth, growProbes, planGrowth } from './grow-probes.js';
import { Lifetime } from './lifetime.js';
import { Newcomers } from './newcomers.js';
import { insistOnSlots, type PartPlan } from './plan-part.js';
import { insistOnValues } from './plan-values.js';
import type { SessionSink } from './ports.js';
import type { Probes } from './probes/probes.js';
import { type ReadingKind, readSession } from './reading.js';
import { readWishes, type SessionRequest } from './request.js';
import { SingleCalls } from './single-calls.js';
import { type SessionOperation, type SessionState, transition } from './state.js';
import { type Departure, TargetWatch } from './target-watch.js';
import { TickWriter } from './tick-writer.js';
import { verifyTargets } from './verify-text.js';
import type { World } from './world.js';

/** Five ticks a second: what a person can follow. */
const TICK_MS = 200;

export class Session {
  #state: SessionState = 'opening';
  readonly #life: Lifetime;
  readonly #watch: TargetWatch;
  readonly #calls: SingleCalls;
  readonly #ticks: TickWriter;
  #refused: Refusal[];
  #suspects: ReadonlySet<FrameKey> = new Set();
  #unaccounted = 0;
  readonly #budget: BudgetKeeper;
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
    this.#refused = part.refused;
    this.#life = new Lifetime(
      () => world.kernel.bootNs(),
      request.durationMs,
      () => this.finish('expired'),
    );
    this.#calls = new SingleCalls(this.id, probes, world, this.#life.wallOffsetNs, request);
    this.#ticks = new TickWriter(this.#subject(), probes.session, probes, this.#calls, this.#watch.cpuNs());
    this.#budget = new BudgetKeeper(probes, world, this.#life, (code, message) => this.#notify(code, message));
    this.#newcomers = new Newcomers(request.standing, {
      targets: world.targets,
      replicas: () => world.replicas(request.service),
      join: (pid) => this.#join(pid),
      tell: (code, message) => this.#notify(code, message),
    });
    this.#move('armed');
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
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
    return describePart(this.#facts(), this.probes.slots, this.#refused);
  }

  /** For a colony that has forgotten this session. */
  info(): SessionInfo {
    return describeSession(this.request, this.world.agentId, this.armed());
  }

  acknowledgeTick(seq: number): void {
    this.#ticks.acknowledge(seq);
  }

  /** A new link knows nothing of this session's rows. */
  startOver(): void {
    this.#ticks.startOver();
  }

  /** Adds functions, moves the end, changes what is shown singly. Throws like opening does; then nothing has changed. */
  async update(change: UpdateSessionRequest): Promise<PartArmed> {
    this.#move('update');
    if (change.addFunctions.length > 0) await this.#addFunctions(change.addFunctions);
    if (change.config) this.#changeWishes(readWishes(change.config));
    if (change.expiresAt) this.#life.extend(timestampToNs(change.expiresAt), this.world.limits.maxSessionDurationMs);
    return this.armed();
  }

  /** Takes the probes off, reads the last values, compares the text, and sends all that. Once; later calls do nothing. */
  finish(reason: EndReason): void {
    if (!this.#move('end')) return;
    clearInterval(this.#ticking);
    this.#life.stop();
    this.#suspects = this.#lookForGhosts(Number.POSITIVE_INFINITY);
    this.#budget.stop();
    this.probes.disarm();
    this.#calls.send(this.sink);
    const tick = this.#readTick('settled');
    const verdict = verifyTargets(this.probes.slots, (pid) => this.#watch.lives(pid), this.world);
    this.end = {
      sessionId: this.id,
      reason,
      tick,
      endedAt: tick.at,
      textVerified: verdict.ok,
      textDetail: verdict.detail,
    };
    this.probes.session.close();
    this.#move('ended');
    this.sink.end(this.end);
  }

  #tick(): void {
    if (!this.#move('tick')) return;
    this.#watch.departures().forEach((departure) => {
      this.#depart(departure);
    });
    if (this.isOpen && !this.#budget.keep(this.request.budgetPercent)) this.finish('budget');
    if (!this.isOpen) return;
    this.#newcomers.look(this.pids);
    this.#calls.send(this.sink);
    if (!this.sink.ready(this.id)) return;
    this.sink.tick(this.#readTick('live'));
    this.#suspects = this.#lookForGhosts(CENSUS_PER_TICK);
  }

  #readTick(kind: ReadingKind): SessionTick {
    const isCounted = (slot: number) => this.probes.slots[slot]?.program === 'count';
    const { session, slots } = this.probes;
    const reading = readSession(session, this.#life.bootNs(), slots.length, isCounted, this.#suspects, kind);
    this.#unaccounted = Number(reading.unaccounted);
    const own = { ...this.#calls.losses, unaccounted: this.#unaccounted };
    this.#budget.estimate(reading.slots);
    const budget = { percent: shownBudget(this.request.budgetPercent), steps: this.#budget.steps };
    return this.#ticks.write(reading, { own, targetCpuNs: this.#watch.cpuNs(), budget }, kind === 'settled');
  }

  #lookForGhosts(limit: number): ReadonlySet<FrameKey> {
    return suspectFrames(this.probes.session.readFrames(), this.#censusSources(), limit);
  }

  #censusSources(): CensusSources {
    const { kernel, targets } = this.world;
    return {
      readMemory: (pid, address, length) => kernel.readMemory(pid, address, length),
      goRuntime: (tgid) => this.probes.slots.find((slot) => slot.mapped.pid === tgid)?.mapped.image.go ?? null,
      threadLives: (tgid, thread) => targets.threadLives(tgid, thread),
      stackPointer: (tgid, thread) => targets.stackPointer(tgid, thread),
      onOneStack: (tgid, a, b) => targets.onOneStack(tgid, a, b),
      processLives: (tgid) => this.#watch.lives(tgid) && targets.identity(tgid) !== null,
    };
  }

  #depart(departure: Departure): void {
    this.probes.retire(departure.pid);
    if (this.#watch.pids.length === 0) this.finish('target_exited');
    else this.#notify(departure.code, departure.message);
  }

  #notify(code: string, message: string): void {
    this.sink.notice({ sessionId: this.id, notice: { at: this.#life.now, code, message }, armed: undefined });
  }

  #noteMissing(notices: readonly string[]): void {
    for (const message of notices) this.#notify('UNSUPPORTED', message);
  }

  async #addFunctions(patterns: readonly string[]): Promise<void> {
    const growth = { pids: this.#watch.pids, patterns: [...patterns] };
    const part = await planGrowth(growth, this.request, this.probes, this.world);
    this.#move('update');
    this.#grow(part);
    this.request.patterns.push(...patterns);
  }

  #grow(part: PartPlan): void {
    admitGrowth(part, this.id, this.probes);
    growProbes(part, this.request, this.probes);
    this.#budget.grow();
    this.#refused = [...this.#refused, ...part.refused];
    this.#noteMissing(part.notices);
  }

  async #join(pid: number): Promise<void> {
    const growth = { pids: [pid], patterns: this.request.patterns };
    const part = await planGrowth(growth, this.request, this.probes, this.world);
    if (!this.isOpen) return;
    insistOnSlots(part, false);
    this.#grow(part);
    for (const [joined, identity] of part.identities) this.#watch.join(joined, identity);
    this.request.pids.push(pid);
    const armed = describePart(this.#facts(), part.slots, part.refused);
    const message = `process ${pid} has joined: ${part.slots.length} functions are probed in it`;
    this.sink.notice({ sessionId: this.id, notice: { at: this.#life.now, code: 'PROCESS_JOINED', message }, armed });
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

  #subject() {
    const { startedBootNs, wallOffsetNs } = this.#life;
    const { agentId, lossReasons } = this.world;
    const waitKind = (slot: number, reason: number) =>
      waitKindOf(this.probes.slots[slot]?.mapped.image.go?.version ?? '', reason);
    const calibration = this.world.calibration();
    return { sessionId: this.id, agentId, startedBootNs, wallOffsetNs, calibration, lossReasons, waitKind };
  }
}
