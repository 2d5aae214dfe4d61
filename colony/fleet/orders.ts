/** Orders to one agent: ids, answers, timeouts. */

import { CoralError, type ErrorCode, isErrorCode } from '../../proto/errors.js';
import type { Order, OrderResult } from '../../proto/gen/coral/fleet/v1/fleet.js';

export type OrderBody = NonNullable<Order['order']>;

export interface OrderControl {
  readonly timeoutMs: number;
  /** Pieces of a function index, in order. */
  readonly onChunk?: (chunk: Buffer) => void;
  /**
   * Hears a result without an error as it arrives, before any later frame of the link, and also after the timeout:
   * what must be in place for the frames that follow is done here.
   */
  readonly onResult?: (result: OrderResult) => void;
}

interface Waiting extends OrderControl {
  readonly what: OrderBody['$case'];
  readonly resolve: (result: OrderResult) => void;
  readonly reject: (error: CoralError) => void;
  readonly timer: NodeJS.Timeout;
}

export class Orders {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(readonly agentId: string) {}

  /** Sends an order; rejects with the agent's error, TIMED_OUT, or AGENT_UNREACHABLE when the link breaks. */
  issue(send: (order: Order) => void, body: OrderBody, control: OrderControl): Promise<OrderResult> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(id), control.timeoutMs);
      this.#waiting.set(id, { ...control, what: body.$case, resolve, reject, timer });
      send({ id, order: body });
    });
  }

  chunk(orderId: number, chunk: Buffer): void {
    this.#waiting.get(orderId)?.onChunk?.(chunk);
  }

  settle(result: OrderResult): void {
    const waiting = this.#waiting.get(result.orderId);
    if (waiting === undefined) return;
    this.#waiting.delete(result.orderId);
    clearTimeout(waiting.timer);
    if (result.errorCode !== '') waiting.reject(errorOfResult(result));
    else {
      waiting.onResult?.(result);
      waiting.resolve(result);
    }
  }

  /** The link is gone: whoever waits hears it now. */
  fail(): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(unreachable(this.agentId, `the link to it broke while it was asked to ${waiting.what}`));
    }
    this.#waiting.clear();
  }

  #expire(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    if (waiting.onResult === undefined) this.#waiting.delete(id);
    const message = `agent ${this.agentId} did not answer to ${waiting.what} within ${waiting.timeoutMs} ms`;
    waiting.reject(new CoralError('TIMED_OUT', message, 'look at the agent’s log, or try again', { agent: this.agentId }));
  }
}

/** The error for an agent that cannot be asked. */
export function unreachable(agentId: string, why: string): CoralError {
  return new CoralError('AGENT_UNREACHABLE', `agent ${agentId} is out of reach: ${why}`, '`coral doctor` shows the agents', {
    agent: agentId,
  });
}

/** The CoralError that an agent answered with. */
export function errorOfResult(result: OrderResult): CoralError {
  const code: ErrorCode = isErrorCode(result.errorCode) ? result.errorCode : 'INTERNAL';
  return new CoralError(code, result.errorMessage, result.errorHint, parseDetails(result.errorDetails));
}

function parseDetails(json: string): Record<string, unknown> {
  if (json === '') return {};
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return { unreadable_details: json.slice(0, 200) };
  }
}
