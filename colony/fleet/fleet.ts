/** The agents of a colony: who is here, what each runs, and what they report. */

import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CoralError } from '../../proto/errors.js';
import type { Hello, RunningSession, SessionCalls, SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Service, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { Agent, LOST_AFTER_MS, type Send } from './agent.js';

/** An agent that has been away for this long is forgotten. */
const FORGET_AFTER_MS = 24 * 3600 * 1000;

/** What agents report; each event carries the agent first. */
export interface FleetEvents {
  linked: [agent: Agent, running: readonly RunningSession[]];
  unlinked: [agent: Agent];
  services: [agent: Agent];
  tick: [agent: Agent, tick: SessionTick];
  calls: [agent: Agent, calls: SessionCalls];
  notice: [agent: Agent, notice: SessionNotice];
  end: [agent: Agent, end: SessionEnd];
}

export class Fleet extends EventEmitter<FleetEvents> {
  readonly #agents = new Map<string, Agent>();

  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  get agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  agent(id: string): Agent | undefined {
    return this.#agents.get(id);
  }

  /** Processes of all agents that are not lost. */
  services(): Service[] {
    return this.agents.filter((agent) => agent.state !== 'lost').flatMap((agent) => agent.services);
  }

  /** An agent said Hello on a new link, which replaces an older one. Returns the agent. */
  admit(hello: Hello, send: Send): Agent {
    const status = hello.status;
    if (status === undefined || status.agentId === '') {
      throw new CoralError('USAGE', 'an agent linked without saying its id', 'use an agent of the same version');
    }
    this.#forgetOld();
    const agent = this.#agents.get(status.agentId) ?? new Agent(status, this.nowMs);
    if (agent.linked) agent.unlink();
    this.#agents.set(agent.id, agent);
    agent.link(status, hello.bootId, send);
    this.emit('linked', agent, hello.sessions);
    return agent;
  }

  /** The agent's link has closed. */
  release(agent: Agent): void {
    agent.unlink();
    this.emit('unlinked', agent);
  }

  #forgetOld(): void {
    for (const agent of this.agents) {
      if (!agent.linked && agent.state === 'lost' && agent.silentMs >= FORGET_AFTER_MS) this.#agents.delete(agent.id);
    }
  }

  /**
   * Waits until an agent has linked and said what runs there: a command may come just before its agent does.
   * Throws AGENT_UNREACHABLE when none has after `timeoutMs`.
   */
  async ready(timeoutMs: number): Promise<void> {
    const untilMs = Date.now() + timeoutMs;
    while (!this.agents.some((agent) => agent.listed && agent.state !== 'lost')) {
      if (Date.now() >= untilMs) throw this.#nobody();
      await pause(20);
    }
  }

  #nobody(): CoralError {
    const lost = this.agents.map((agent) => agent.id);
    const message =
      lost.length === 0
        ? 'no agent has linked to this colony'
        : `no agent is linked to this colony; ${lost.join(', ')} ${lost.length > 1 ? 'were' : 'was'} here and is silent for over ${LOST_AFTER_MS / 1000} s`;
    return new CoralError('AGENT_UNREACHABLE', message, 'start one with `coral agent run` on the host to debug', { lost });
  }
}
