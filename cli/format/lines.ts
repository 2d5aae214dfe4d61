/** The lines of `--format ndjson`. Pure; each ends with a line feed. */

import type { Notice, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { SingleCall } from '../../snapshots/document.js';
import { timestampToRfc3339 } from '../../snapshots/times/times.js';
import type { TickView } from '../attach/tick-view.js';
import { planRow, refusalRow } from './plans.js';

/** `{"type":"session",…}`: every probe is armed. */
export function sessionLine(info: SessionInfo): string {
  return line({
    type: 'session',
    session_id: info.sessionId,
    service: info.service,
    pids: info.pids,
    agents: info.agents,
    build_ids: info.buildIds,
    started_at: info.startedAt && timestampToRfc3339(info.startedAt),
    expires_at: info.expiresAt && timestampToRfc3339(info.expiresAt),
    functions: info.functions.map((plan) => planRow(plan)),
    refused: info.refused.map(refusalRow),
  });
}

/** `{"type":"tick",…}`: running counts and percentiles, of the tick and since the start. */
export function tickLineText({ at, functions, losses, overhead }: TickView): string {
  return line({ type: 'tick', at, functions, losses, overhead });
}

/** `{"type":"call",…}`: one call, shown singly. */
export function callLine(call: SingleCall): string {
  return line({ type: 'call', ...call });
}

/** `{"type":"notice",…}`: something changed. */
export function noticeLine({ at, code, message }: Notice): string {
  return line({ type: 'notice', at: at && timestampToRfc3339(at), code, message });
}

/** One JSON value a line. */
export const line = (value: object): string => `${JSON.stringify(value)}\n`;
