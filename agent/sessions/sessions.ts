/** All sessions of an agent: opened, changed, ended, and their ends kept until the colony has them. */

import { CoralError } from '../../proto/errors.js';
import type { UpdateSessionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { OpenPart, PartArmed, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason } from '../../snapshots/document.js';
import { describePart } from './describe-part.js';
import { admitSession } from './limits/limits.js';
import { armProbes, planProbes } from './open-probes.js';
import type { PartPlan } from './plan/plan-part.js';
import type { SessionSink } from './ports.js';
import type { Probes } from './probes/probes.js';
import { normaliseRequest } from './request.js';
import { Session } from './session.js';
import type { World } from './world.js';

/** What sessions need from outside; the rest of the world they are themselves. */
export type SessionsWorld = Omit<World, 'armedElsewhere' | 'usedMemoryBytes'>;

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #probes = new Map<string, Probes>();
  /** Being planned, with the reason to give up where one came meanwhile. */
  readonly #opening = new Map<string, EndReason | null>();
  readonly #world: World;

  constructor(world: SessionsWorld) {
    this.#world = {
      ...world,
      armedElsewhere: (mapped) => [...this.#probes.values()].flatMap((probes) => probes.armedIn(mapped)),
      usedMemoryBytes: () => [...this.#probes.values()].reduce((sum, probes) => sum + probes.session.memoryBytes(), 0),
    };
  }

  get openCount(): number {
    return this.#opening.size + this.#open().length;
  }

  /** Sessions that probe a process. */
  countFor(pid: number): number {
    return this.#open().filter((session) => session.pids.includes(pid)).length;
  }

  /** Plans and arms, or with dry_run only plans. Throws a CoralError when nothing is armed. */
  async open(order: OpenPart, sink: SessionSink): Promise<PartArmed> {
    const refusal = this.#world.refusal();
    if (refusal) throw refusal;
    const request = normaliseRequest(order, this.#world.limits);
    if (request.dryRun) return dryRun(request.sessionId, await planProbes(request, this.#world), this.#world);
    const known = this.#sessions.get(request.sessionId);
    if (known?.isOpen) return known.armed();
    admitSession(this.openCount, this.#world.limits);
    this.#opening.set(request.sessionId, null);
    try {
      const part = await planProbes(request, this.#world);
      this.#insistOnOpening(request.sessionId);
      const probes = armProbes(part, request, this.#world);
      this.#probes.set(request.sessionId, probes);
      const session = new Session(request, part, probes, this.#world, this.#forgetProbes(sink));
      this.#sessions.set(request.sessionId, session);
      this.#world.opened(session.armed(), request.durationMs);
      return session.armed();
    } finally {
      this.#opening.delete(request.sessionId);
    }
  }

  async update(change: UpdateSessionRequest): Promise<PartArmed> {
    return this.#find(change.sessionId).update(change);
  }

  /** Ends a session; one that is still being opened is never armed. Unknown or ended ones: SESSION_NOT_FOUND. */
  close(sessionId: string, reason: EndReason): void {
    if (this.#opening.has(sessionId)) this.#opening.set(sessionId, reason);
    else this.#find(sessionId).finish(reason);
  }

  closeAll(reason: EndReason): void {
    for (const sessionId of this.#opening.keys()) this.#opening.set(sessionId, reason);
    for (const session of this.#open()) session.finish(reason);
  }

  acknowledgeTick(sessionId: string, seq: number): void {
    this.#sessions.get(sessionId)?.acknowledgeTick(seq);
  }

  acknowledgeEnd(sessionId: string): void {
    if (this.#sessions.get(sessionId)?.end) this.#sessions.delete(sessionId);
  }

  /** A new link: every session sends everything once. */
  startOver(): void {
    for (const session of this.#open()) session.startOver();
  }

  /** What a new link begins with: sessions that run, and ended ones whose end no colony has acknowledged. */
  unfinished(): SessionInfo[] {
    return [...this.#sessions.values()].map((session) => (session.isOpen ? session.info() : ended(session.info())));
  }

  /** Ends that no colony has acknowledged. */
  pendingEnds(): SessionEnd[] {
    return [...this.#sessions.values()].flatMap((session) => session.end ?? []);
  }

  #open(): Session[] {
    return [...this.#sessions.values()].filter((session) => session.isOpen);
  }

  #find(sessionId: string): Session {
    const session = this.#sessions.get(sessionId);
    if (session) return session;
    const message = `this agent runs no session ${sessionId}`;
    throw new CoralError('SESSION_NOT_FOUND', message, 'see `coral debug list`', { session_id: sessionId });
  }

  #insistOnOpening(sessionId: string): void {
    const reason = this.#opening.get(sessionId);
    if (!reason) return;
    throw new CoralError('SESSION_NOT_FOUND', `session ${sessionId} was ended (${reason}) before its probes were armed`);
  }

  /** The sink, with one thing more at the end: the probes are no longer among the armed. */
  #forgetProbes(sink: SessionSink): SessionSink {
    return {
      ready: (sessionId) => sink.ready(sessionId),
      tick: (tick) => sink.tick(tick),
      calls: (sessionId, batch) => sink.calls(sessionId, batch),
      notice: (notice) => sink.notice(notice),
      end: (end) => {
        this.#probes.delete(end.sessionId);
        sink.end(end);
      },
    };
  }
}

function dryRun(sessionId: string, part: PartPlan, { agentId, calibration }: World): PartArmed {
  return describePart({ sessionId, agentId, calibration: calibration() }, part.slots, part.refused);
}

const ended = (info: SessionInfo): SessionInfo => ({ ...info, parts: info.parts.map((part) => ({ ...part, state: 'done' })) });
