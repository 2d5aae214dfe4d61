/** One agent as the colony knows it: what it said of itself, what runs there, and its link if there is one. */

import type { LinkResponse, Order, OrderResult } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { AgentStatus, Service } from '../../proto/gen/coral/live/v1/live.js';
import { type OrderBody, type OrderControl, Orders, unreachable } from './orders.js';

/** Silence after which an agent counts as stale, then as lost. */
export const STALE_AFTER_MS = 3000;
export const LOST_AFTER_MS = 10_000;

export type Send = (frame: NonNullable<LinkResponse['frame']>) => void;

export class Agent {
  readonly id: string;
  /** Empty until the first list has come; `listed` tells the two apart. */
  services: readonly Service[] = [];
  listed = false;
  bootId = '';
  readonly orders: Orders;
  #status: AgentStatus;
  #send: Send | undefined;
  #heardAtMs: number;

  constructor(
    status: AgentStatus,
    private readonly nowMs: () => number,
  ) {
    this.id = status.agentId;
    this.#status = status;
    this.#heardAtMs = nowMs();
    this.orders = new Orders(this.id);
  }

  get linked(): boolean {
    return this.#send !== undefined;
  }

  get silentMs(): number {
    return this.nowMs() - this.#heardAtMs;
  }

  get state(): 'linked' | 'stale' | 'lost' {
    if (this.silentMs >= LOST_AFTER_MS) return 'lost';
    return this.linked && this.silentMs < STALE_AFTER_MS ? 'linked' : 'stale';
  }

  get status(): AgentStatus {
    return { ...this.#status, state: this.state };
  }

  /** Whether `send` is the link in use: an older link closes after a newer one replaced it. */
  linkedBy(send: Send): boolean {
    return this.#send === send;
  }

  heard(): void {
    this.#heardAtMs = this.nowMs();
  }

  link(status: AgentStatus, bootId: string, send: Send): void {
    this.#status = status;
    this.bootId = bootId;
    this.#send = send;
    this.heard();
  }

  unlink(): void {
    this.#send = undefined;
    this.orders.fail();
  }

  /** Sends a frame that may be lost with the link. */
  send(frame: NonNullable<LinkResponse['frame']>): void {
    this.#send?.(frame);
  }

  /** The processes of the agent changed. */
  list(services: readonly Service[]): void {
    this.services = services.map((service) => ({ ...service, agentId: this.id }));
    this.listed = true;
  }

  /** Has the agent look at its processes now; a failure leaves the list as it is. */
  async listNow(how: { hasty: boolean }, timeoutMs: number): Promise<void> {
    const result = await this.order({ $case: 'listNow', value: how }, { timeoutMs }).catch(() => undefined);
    if (result?.result?.$case === 'services') this.list(result.result.value.services);
  }

  /** Gives an order and waits for its result; see Orders.issue. */
  async order(body: OrderBody, control: OrderControl): Promise<OrderResult> {
    const send = this.#send;
    if (send === undefined) throw unreachable(this.id, 'it has no link to this colony');
    return this.orders.issue((order: Order) => send({ $case: 'order', value: order }), body, control);
  }
}
