/** A session in the RFD's form. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import type { Session } from './session.js';

/** The status of an ended session is its end reason. */
export function debugSession(session: Session): DebugSession {
  const { info } = session;
  return {
    sessionId: session.id,
    serviceName: info.service,
    functionName: info.functions[0]?.name ?? '',
    agentId: info.agents.join(', '),
    startedAt: info.startedAt,
    expiresAt: info.expiresAt,
    status: session.snapshot?.end_reason ?? 'active',
    eventCount: session.eventCount,
    functions: info.functions.map((plan) => plan.name),
    pids: info.pids,
    requestedBy: info.requestedBy,
    endedAt: session.ended ? nsToTimestamp(session.endedAtNs) : undefined,
  };
}

/** The document as it travels and is kept. */
export const snapshotBytes = (session: Session): Buffer => Buffer.from(JSON.stringify(session.document()));
