/** A running session: ticks, changes and its end. */

import { CoralError } from '../../proto/errors.js';
import type { UpdateSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Refusal, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason } from '../../snapshots/document.js';
import { nsToTimestamp, timestampToNs } from '../../snapshots/times/times.js';
import { packCalls } from './call-columns.js';
import { measureWallOffsetNs } from './clock.js';
import { CENSUS_PER_TICK, type CensusSources, type FrameKey, suspectFrames } from './frame-census.js';
import { dropUnarmable } from './open-probes.js';
import { estimateHitCostNs } from './overhead.js';
import { type PartPlan, planPart } from './plan-part.js';
import type { SessionSink } from './ports.js';
import type { Probes } from './probes.js';
import { type ReadingKind, readSession } from './reading.js';
import type { SessionRequest } from './request.js';
import { type SessionOperation, type SessionState, transition } from './state.js';
import { type Departure, TargetWatch } from './target-watch.js';
import { TickWriter } from './tick-writer.js';
import { verifyTargets } from './verify-text.js';
import type { World } from './world.js';

/** Five ticks a second: what a person can follow. */
const TICK_MS = 200;

/** Unlimited: the cost is reported; nothing is taken away for it. */
const NO_BUDGET = -1;

export class Session {
  #state: SessionState = 'opening';
  readonly #watch: TargetWatch;
  readonly #ticks: TickWriter;
  readonly #startedBootNs: bigint;
  readonly #wallOffsetNs: bigint;
  #expiresBootNs: bigint;
  #refused: Refusal[];
  #suspects: ReadonlySet<FrameKey> = new Set();
  readonly #own = { linkFull: 0, rateLimited: 0, unaccounted: 0 };
  readonly #ticking: NodeJS.Timeout;
  #expiry: NodeJS.Timeout | undefined;

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
    this.#wallOffsetNs = measureWallOffsetNs(() => world.kernel.bootNs());
    this.#startedBootNs = world.kernel.bootNs();
    this.#expiresBootNs = this.#startedBootNs + msToNs(request.durationMs);
    this.#ticks = new TickWriter(this.#subject(), probes.session, probes.sites, this.#watch.cpuNs());
    this.#move('armed');
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#scheduleExpiry();
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
    return {
      sessionId: this.id,
      slots: this.probes.slots.map((slot) => slot.plan),
      refused: this.#refused.map((refusal) => ({ ...refusal, agentId: this.world.agentId })),
      startedAt: nsToTimestamp(this.#startedBootNs + this.#wallOffsetNs),
      expiresAt: nsToTimestamp(this.#expiresBootNs + this.#wallOffsetNs),
      buildIds: [...new Set(this.probes.slots.map((slot) => slot.mapped.image.buildId))],
      estimatedHitCostNs: estimateHitCostNs(
        this.probes.slots.map((slot) => slot.plan),
        this.world.calibration(),
      ),
    };
  }

  /** For a colony that has forgotten this session: `functions` are the slots. */
  info(): SessionInfo {
    const { slots, refused, startedAt, expiresAt, buildIds } = this.armed();
    return {
      sessionId: this.id,
      service: this.request.service,
      pids: this.request.pids,
      agents: [this.world.agentId],
      buildIds,
      startedAt,
      expiresAt,
      functions: slots,
      refused,
      requestedBy: this.request.requestedBy,
      parts: [{ agentId: this.world.agentId, state: 'armed', reason: '' }],
      countOnly: this.request.countOnly,
    };
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
    if (change.config)
      Object.assign(this.request, { sampleRate: change.config.sampleRate, slowerThanNs: change.config.slowerThanNs });
    if (change.config) this.probes.setKnobs(this.request);
    if (change.expiresAt) this.#extend(timestampToNs(change.expiresAt));
    return this.armed();
  }

  /** Takes the probes off, reads the last values, compares the text, and sends all that. Once; later calls do nothing. */
  finish(reason: EndReason): void {
    if (!this.#move('end')) return;
    clearInterval(this.#ticking);
    clearTimeout(this.#expiry);
    this.#suspects = this.#lookForGhosts(Number.POSITIVE_INFINITY);
    this.probes.disarm();
    this.#sendCalls();
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
    if (!this.isOpen) return;
    this.#sendCalls();
    if (!this.sink.ready(this.id)) return;
    this.sink.tick(this.#readTick('live'));
    this.#suspects = this.#lookForGhosts(CENSUS_PER_TICK);
  }

  #readTick(kind: ReadingKind): SessionTick {
    const { kernel } = this.world;
    const isCounted = (slot: number) => this.probes.slots[slot]?.program === 'count';
    const reading = readSession(this.probes.session, kernel.bootNs(), this.probes.slots.length, isCounted, this.#suspects, kind);
    this.#own.unaccounted = Number(reading.unaccounted);
    const budget = { percent: NO_BUDGET, steps: [] };
    return this.#ticks.write(reading, { own: this.#own, targetCpuNs: this.#watch.cpuNs(), budget }, kind === 'settled');
  }

  #sendCalls(): void {
    const calls = this.probes.session.takeCalls();
    if (calls === null) return;
    const taken = calls.callId.length;
    const granted = this.world.events.take(taken, this.world.kernel.bootNs());
    this.#own.rateLimited += taken - granted;
    if (granted === 0) return;
    const sent = this.sink.calls(this.id, packCalls(calls, granted, this.#wallOffsetNs, this.world.agentId));
    if (!sent) this.#own.linkFull += granted;
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
      processLives: (tgid) => this.#watch.lives(tgid) && targets.identity(tgid) !== null,
    };
  }

  #depart(departure: Departure): void {
    this.probes.disarm(departure.pid);
    if (this.#watch.pids.length === 0) this.finish('target_exited');
    else this.#notify(departure.code, departure.message);
  }

  #notify(code: string, message: string): void {
    const at = nsToTimestamp(this.world.kernel.bootNs() + this.#wallOffsetNs);
    this.sink.notice({ sessionId: this.id, notice: { at, code, message }, armed: undefined });
  }

  async #addFunctions(patterns: readonly string[]): Promise<void> {
    const wishes = { ...this.request, pids: this.#watch.pids, patterns: [...patterns] };
    const part = await planPart(wishes, this.world.targets, this.world.armedElsewhere);
    part.slots = part.slots.filter(
      ({ plan }) => !this.probes.slots.some((slot) => slot.plan.pid === plan.pid && slot.plan.name === plan.name),
    );
    if (part.slots.length > 0) dropUnarmable(part, this.world.kernel);
    this.#move('update');
    this.#admitSlots(part);
    this.probes.arm(part.slots, this.request);
    this.#refused = [...this.#refused, ...part.refused];
  }

  #admitSlots({ slots }: PartPlan): void {
    if (this.probes.fits(slots)) return;
    const free = this.probes.capacity.slots - this.probes.slots.length;
    const message = `session ${this.id} has room for ${free} more functions, ${slots.length} were asked for`;
    throw new CoralError('LIMIT_EXCEEDED', message, 'open another session for the others', {
      limit: 'slots',
      free,
      asked: slots.length,
    });
  }

  #extend(expiresUnixNs: bigint): void {
    const latest = this.#startedBootNs + msToNs(this.world.limits.maxSessionDurationMs);
    this.#expiresBootNs = expiresUnixNs - this.#wallOffsetNs;
    if (this.#expiresBootNs > latest) this.#expiresBootNs = latest;
    this.#scheduleExpiry();
  }

  /** By the boot-time clock, which goes on while the host sleeps; a timer that fires early is set again. */
  #scheduleExpiry(): void {
    clearTimeout(this.#expiry);
    const leftMs = Number(this.#expiresBootNs - this.world.kernel.bootNs()) / 1e6;
    if (leftMs <= 0) this.finish('expired');
    else this.#expiry = setTimeout(() => this.#scheduleExpiry(), Math.ceil(leftMs));
  }

  /** True when the operation is to be done. */
  #move(operation: SessionOperation): boolean {
    const next = transition(this.id, this.#state, operation);
    if (next !== null) this.#state = next;
    return next !== null;
  }

  #subject() {
    return {
      sessionId: this.id,
      agentId: this.world.agentId,
      startedBootNs: this.#startedBootNs,
      wallOffsetNs: this.#wallOffsetNs,
      calibration: this.world.calibration(),
      lossReasons: this.world.lossReasons,
    };
  }
}

const msToNs = (ms: number): bigint => BigInt(Math.round(ms * 1e6));
