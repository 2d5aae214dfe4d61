/** The agent's link to its colony: dials, says hello, beats, obeys orders, and dials again when the link is gone. */

import { isSocketOfHost } from '../../proto/address.js';
import type { Hello, LinkResponse, Order, OrderResult } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { backoffMs } from './backoff.js';
import { dial, type Stream } from './dial.js';
import type { Frame, Outbox } from './outbox.js';

const HEARTBEAT_MS = 500;
/**
 * Heartbeats in a row that the colony left unanswered before the link counts as dead: 3 s, where a network or a host may
 * have died silently; 15 s on a socket of this host, whose end the kernel tells, so that only a colony that is starved
 * by the very load that is looked into stays silent. Beats, not time: an agent that was busy or starved itself has sent
 * none, and finds the colony's answers behind the beat that comes late.
 */
const MAX_UNANSWERED_BEATS = { remote: 6, local: 30 };

/** What the link carries for the rest of the agent. */
export interface LinkDuties {
  hello(): Hello;
  services(): Service[];
  /** Carries out an order; `send` takes pieces of an answer before the result. */
  obey(order: Order, send: (frame: Frame) => void): Promise<OrderResult>;
  tickAcknowledged(sessionId: string, seq: number): void;
  endAcknowledged(sessionId: string): void;
  /** The colony has answered on a new link. */
  linked(): void;
  /** A link that was up is gone, or (in a row of `failures`) could not be had. */
  lost(reason: string, failures: number): void;
}

export class Link {
  #stream: Stream | null = null;
  #beating: NodeJS.Timeout | undefined;
  #redial: NodeJS.Timeout | undefined;
  #failures = 0;
  #unanswered = 0;
  #beats = 0;
  #welcomed = false;
  #closed = false;

  constructor(
    private readonly address: string,
    private readonly outbox: Outbox,
    private readonly duties: LinkDuties,
  ) {}

  /** Dials now, and from then on whenever the link is gone. */
  start(): void {
    if (this.#closed) return;
    this.#unanswered = 0;
    this.#welcomed = false;
    this.#stream = dial(this.address, { frame: (frame) => this.#receive(frame), closed: (reason) => this.#lost(reason) });
    this.#send({ $case: 'hello', value: this.duties.hello() });
    if (this.duties.services().length > 0) this.sendServices();
    this.#beating = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Tells the colony what can be probed, whenever that changed. */
  sendServices(): void {
    this.#send({ $case: 'services', value: { services: this.duties.services() } });
  }

  /** Ends the link for good. What was written is on its way before the connection closes. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#redial);
    this.#stream?.close();
  }

  #send(frame: Frame): void {
    this.#stream?.write(frame);
  }

  #receive(frame: NonNullable<LinkResponse['frame']>): void {
    this.#unanswered = 0;
    switch (frame.$case) {
      case 'welcome':
        this.#welcome();
        break;
      case 'order':
        void this.#obey(frame.value);
        break;
      case 'tickAck':
        this.outbox.acknowledge(frame.value.sessionId, frame.value.seq);
        this.duties.tickAcknowledged(frame.value.sessionId, frame.value.seq);
        break;
      case 'endAck':
        this.duties.endAcknowledged(frame.value.sessionId);
        break;
      case 'heartbeat':
        break;
    }
  }

  #welcome(): void {
    this.#welcomed = true;
    this.#failures = 0;
    this.outbox.connect((frame) => this.#send(frame));
    this.duties.linked();
  }

  async #obey(order: Order): Promise<void> {
    const stream = this.#stream;
    const result = await this.duties.obey(order, (frame) => stream?.write(frame));
    stream?.write({ $case: 'result', value: result });
  }

  #beat(): void {
    if (this.#unanswered >= MAX_UNANSWERED_BEATS[isSocketOfHost(this.address) ? 'local' : 'remote']) this.#stream?.close();
    this.#unanswered += 1;
    this.#beats += 1;
    const sentAt = nsToTimestamp(BigInt(Date.now()) * 1_000_000n);
    this.#send({ $case: 'heartbeat', value: { seq: this.#beats, sentAt, receivedAt: undefined, answersSeq: 0 } });
  }

  #lost(reason: string): void {
    clearInterval(this.#beating);
    this.#stream = null;
    this.outbox.connect(null);
    if (this.#closed) return;
    this.#failures = this.#welcomed ? 0 : this.#failures + 1;
    this.#redial = setTimeout(() => this.start(), backoffMs(this.#failures, Math.random()));
    this.duties.lost(reason, this.#failures);
  }
}
