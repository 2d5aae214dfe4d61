/** Carries out the colony's orders. */

import { CoralError } from '../../proto/errors.js';
import type { ExplainFunctionRequest } from '../../proto/gen/coral/colony/v1/debug.js';
import type { ClosePart, GetIndex, IndexDone, OpenPart, Order, OrderResult } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { Service } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason } from '../../snapshots/document.js';
import type { SessionSink } from '../sessions/ports.js';
import type { Sessions } from '../sessions/sessions.js';
import { done, failed } from './order-result.js';
import type { Frame } from './outbox.js';

/** A packed function index, in pieces small enough for one message. */
export interface PackedIndex extends IndexDone {
  chunks: Iterable<Buffer>;
}

/** What orders need of the agent. */
export interface OrderDuties {
  sessions: Sessions;
  sink: SessionSink;
  /** An ExplainFunctionResponse, encoded. */
  explain(request: ExplainFunctionRequest): Promise<Buffer>;
  index(request: GetIndex): Promise<PackedIndex>;
  /** A fresh look at the processes. */
  listServices(how: { hasty: boolean }): Promise<Service[]>;
  /** Failures that are no CoralError: faults of the agent's own. */
  report(error: unknown): void;
}

const END_REASONS: readonly EndReason[] = ['expired', 'detached', 'interrupted', 'target_exited', 'budget', 'agent_lost'];

/** The result of an order; failures are results too. */
export async function obeyOrder(order: Order, duties: OrderDuties, send: (frame: Frame) => void): Promise<OrderResult> {
  try {
    return done(order.id, await carryOut(order, duties, send));
  } catch (error) {
    if (!(error instanceof CoralError)) duties.report(error);
    return failed(order.id, error);
  }
}

async function carryOut({ id, order }: Order, duties: OrderDuties, send: (frame: Frame) => void): Promise<OrderResult['result']> {
  switch (order?.$case) {
    case 'open':
      return open(order.value, duties);
    case 'update':
      if (!order.value.request) throw new CoralError('USAGE', 'an order to update carried no request');
      return { $case: 'armed', value: await duties.sessions.update(order.value.request) };
    case 'close':
      return close(order.value, duties);
    case 'explain':
      return { $case: 'explained', value: await duties.explain(order.value) };
    case 'getIndex':
      return sendIndex(id, await duties.index(order.value), send);
    case 'listNow':
      return { $case: 'services', value: { services: await duties.listServices(order.value) } };
    case undefined:
      throw new CoralError(
        'NOT_IMPLEMENTED',
        'this agent does not know the order',
        'use the same version of coral on both sides',
      );
  }
}

async function open(part: OpenPart, { sessions, sink }: OrderDuties): Promise<OrderResult['result']> {
  return { $case: 'armed', value: await sessions.open(part, sink) };
}

function close({ sessionId, reason }: ClosePart, { sessions }: OrderDuties): undefined {
  const known = END_REASONS.find((each) => each === reason);
  if (!known) throw new CoralError('USAGE', `'${reason}' is no reason to end a session`, `use one of ${END_REASONS.join(', ')}`);
  sessions.close(sessionId, known);
}

function sendIndex(orderId: number, index: PackedIndex, send: (frame: Frame) => void): OrderResult['result'] {
  const { chunks, ...summary } = index;
  for (const chunk of chunks) send({ $case: 'index', value: { orderId, chunk } });
  return { $case: 'index', value: summary };
}
