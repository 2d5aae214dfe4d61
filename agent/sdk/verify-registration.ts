/** Whether a program may register what it says. Pure. */

import type { RegisterRequest } from '../../proto/gen/coral/sdk/v1/sdk.js';

const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What the agent found out about the caller; null: it could not be told. */
export interface CallerFacts {
  /** Of the process that is to be registered; null: there is none. */
  processUid: number | null;
  /** Of the socket's other end. */
  callerUid: number | null;
}

/** Why a registration is refused; empty: it is not. */
export function refusalOf(request: RegisterRequest, facts: CallerFacts): string {
  if (!SERVICE_NAME.test(request.service)) {
    return `'${request.service}' is no service name: letters, digits, dots, dashes and underscores, at most 128`;
  }
  if (facts.processUid === null) return `there is no process ${request.pid} here`;
  if (facts.callerUid !== null && facts.callerUid !== 0 && facts.callerUid !== facts.processUid) {
    return `process ${request.pid} belongs to uid ${facts.processUid}, the caller is uid ${facts.callerUid}`;
  }
  return '';
}
