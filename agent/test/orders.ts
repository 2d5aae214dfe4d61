/** Orders as a colony writes them. */

import { OpenSessionRequest, UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { OpenPart, Order } from '../../proto/gen/coral/fleet/v1/fleet.js';

/** An order to open a session; `request` overrides the defaults: main.work for 30 s, with an unlimited budget. */
export function openPart(sessionId: string, pids: number[], request: Partial<OpenSessionRequest> = {}): OpenPart {
  const config = { ...UprobeConfig.fromPartial({}), ...request.config, budgetPercent: request.config?.budgetPercent || -1 };
  const defaults = { serviceName: 'fake', functions: ['main.work'], duration: { seconds: 30, nanos: 0 } };
  return { sessionId, pids, request: OpenSessionRequest.fromPartial({ ...defaults, ...request, config }), standing: false };
}

export function openOrder(...part: Parameters<typeof openPart>): NonNullable<Order['order']> {
  return { $case: 'open', value: openPart(...part) };
}

export function closeOrder(sessionId: string, reason = 'detached'): NonNullable<Order['order']> {
  return { $case: 'close', value: { sessionId, reason } };
}
