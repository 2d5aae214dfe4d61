/** All sessions of the colony: each report of an agent goes to its session, each loss of an agent to all of its. */

import type { PartArmed, RunningSession, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { Agent } from '../fleet/agent.js';
import type { Fleet } from '../fleet/fleet.js';
import type { History } from '../store/ports.js';
import { debugSession, snapshotBytes } from './debug-session.js';
import { Session } from './session.js';

/** Ended sessions kept in memory, for watchers that come late and for a colony without history. */
const ENDED_KEPT = 50;

/** How long an agent that is back may take to say how a session ended that it no longer runs. */
const END_REPORT_MS = 1500;

export interface SessionsOptions {
  readonly fleet: Fleet;
  readonly history: History;
  /** How long an agent's link may be gone before its sessions count as lost. */
  readonly lostAfterMs: number;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #lossTimers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly options: SessionsOptions) {
    this.#listen(options.fleet);
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  get open(): readonly Session[] {
    return this.all.filter((session) => !session.ended);
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    session.once('ended', () => {
      if (session.abandoned) return;
      if (session.watchers === 0 && (session.endedUnheard || session.snapshot?.end_reason === 'agent_lost'))
        this.options.history.reportLater(debugSession(session));
      void this.#keep(session).then(() => this.#acknowledge(session));
      this.#keepFew();
    });
  }

  /** The session runs: it is written down from now on. */
  started(session: Session): void {
    const { history } = this.options;
    history.opened(debugSession(session));
    if (history.error !== '') session.notice('HISTORY_PAUSED', `history is not written: ${history.error}`);
  }

  /** Forgets a session that never ran. */
  drop(session: Session): void {
    this.#sessions.delete(session.id);
  }

  /** Timers off; sessions stay as they are. */
  close(): void {
    for (const timer of this.#lossTimers.values()) clearTimeout(timer);
  }

  #listen(fleet: Fleet): void {
    const { history } = this.options;
    fleet.on('linked', (agent, running) => this.#linked(agent, running));
    fleet.on('unlinked', (agent) => this.#loseAfter(agent, this.options.lostAfterMs, 'its link closed'));
    fleet.on('tick', (agent, tick) => {
      const session = this.#sessions.get(tick.sessionId);
      if (session !== undefined) this.#take(session, { ...tick, agentId: agent.id });
      agent.send({ $case: 'tickAck', value: { sessionId: tick.sessionId, seq: tick.seq } });
    });
    fleet.on('calls', (agent, { sessionId, calls }) => {
      const session = this.#sessions.get(sessionId);
      const batch = calls === undefined ? undefined : session?.calls(agent.id, calls);
      if (session !== undefined && batch !== undefined) history.calls(session.info, batch);
    });
    fleet.on('notice', (agent, notice) => this.#sessions.get(notice.sessionId)?.noticed(agent.id, notice));
    fleet.on('end', (agent, end) => this.#partEnded(agent, end));
  }

  #take(session: Session, tick: SessionTick): void {
    if (!session.tick(tick)) return;
    this.options.history.tick(session.info.service, tick, session.slotNames(tick.agentId));
  }

  /** An agent's word on its part; it repeats it until it is acknowledged, which is done once the end is written. */
  #partEnded(agent: Agent, end: SessionEnd): void {
    const session = this.#sessions.get(end.sessionId);
    if (session === undefined) acknowledge(agent, end.sessionId);
    else if (session.ended) this.#amend(session, agent, end);
    else {
      if (end.tick !== undefined) this.#take(session, { ...end.tick, agentId: agent.id });
      session.partEnded(agent.id, end);
    }
  }

  /** A part that had been given up speaks after all: what is kept of the session is made right. */
  #amend(session: Session, agent: Agent, end: SessionEnd): void {
    session.amended(agent.id, end);
    void this.#keep(session).then(() => acknowledge(agent, session.id));
  }

  #keep(session: Session): Promise<void> {
    return this.options.history.ended(debugSession(session), snapshotBytes(session));
  }

  #acknowledge(session: Session): void {
    for (const agentId of session.info.agents) {
      const agent = this.options.fleet.agent(agentId);
      if (agent !== undefined) acknowledge(agent, session.id);
    }
  }

  #linked(agent: Agent, running: readonly RunningSession[]): void {
    clearTimeout(this.#lossTimers.get(agent.id));
    for (const { info } of running) if (info !== undefined) this.#takeUp(agent, info);
    const reported = new Set(running.map(({ info }) => info?.sessionId));
    const missing = this.#runningOn(agent).filter((session) => !reported.has(session.id));
    if (missing.length > 0) this.#loseAfter(agent, END_REPORT_MS, 'it came back without this session', missing);
  }

  /** A session that the agent runs or has ended unheard: ours, ended without it meanwhile, or one of the colony before this one. */
  #takeUp(agent: Agent, info: SessionInfo): void {
    const known = this.#sessions.get(info.sessionId);
    if (known === undefined) this.#adopt(agent, info);
    else if (!known.hasPart(agent.id)) this.#join(known, agent, info);
    else if (known.ended) this.#endAt(agent, known.id);
    else if (known.runningOn.includes(agent.id))
      known.notice('AGENT_BACK', `agent ${agent.id} is back; its figures are complete`);
  }

  #adopt(agent: Agent, info: SessionInfo): void {
    const session = new Session({ ...info, functions: [], pids: [], agents: [], parts: [], refused: [] }, false);
    this.add(session);
    session.armed(agent.id, partOf(info));
    session.endedUnheard = info.parts.some(({ state }) => state === 'done');
    this.options.history.takenUp(session.id);
    session.notice('TAKEN_UP', 'the colony was restarted and took this session up again');
    this.started(session);
  }

  /** Another agent of a session that was taken up. */
  #join(session: Session, agent: Agent, info: SessionInfo): void {
    if (session.ended) {
      session.foundLate(agent.id, partOf(info));
      this.#endAt(agent, session.id);
    } else {
      session.armed(agent.id, partOf(info));
    }
  }

  #endAt(agent: Agent, sessionId: string): void {
    agent
      .order({ $case: 'close', value: { sessionId, reason: 'interrupted' } }, { timeoutMs: END_REPORT_MS })
      .catch(() => undefined);
  }

  #runningOn(agent: Agent): Session[] {
    return this.open.filter((session) => session.runningOn.includes(agent.id));
  }

  #loseAfter(agent: Agent, afterMs: number, why: string, sessions?: readonly Session[]): void {
    clearTimeout(this.#lossTimers.get(agent.id));
    const lose = (): void => {
      for (const session of sessions ?? this.#runningOn(agent)) session.partLost(agent.id, why);
    };
    this.#lossTimers.set(agent.id, setTimeout(lose, afterMs));
  }

  #keepFew(): void {
    const ended = this.all.filter((session) => session.ended);
    for (const session of ended.slice(0, -ENDED_KEPT)) this.#sessions.delete(session.id);
  }
}

/** The part of an agent out of what it says of its session: `functions` are its slots. */
function partOf({ sessionId, functions, refused, startedAt, expiresAt, buildIds }: SessionInfo): PartArmed {
  return { sessionId, slots: functions, refused, startedAt, expiresAt, buildIds, estimatedHitCostNs: 0 };
}

/** The agent need not repeat this end. */
function acknowledge(agent: Agent, sessionId: string): void {
  agent.send({ $case: 'endAck', value: { sessionId } });
}
