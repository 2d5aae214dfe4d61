/** Sessions, active and recent, of everyone; and past ones of the history. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';
import { clockText, countdownText, countText } from '../cells/format.js';
import { cellText, cutEnd, cutName, cutStart } from '../cells/text.js';
import type { Column } from './column.js';

export interface SessionRow {
  readonly key: string;
  readonly session: DebugSession;
  readonly startedMs: number;
  readonly expiresMs: number;
  readonly nowMs: number;
}

/** Rows of sessions at a moment. */
export function sessionRows(sessions: readonly DebugSession[], nowMs: number): SessionRow[] {
  return sessions.map((session) => ({
    key: session.sessionId,
    session,
    startedMs: millisOf(session.startedAt),
    expiresMs: millisOf(session.expiresAt),
    nowMs,
  }));
}

/** Unix milliseconds of a wire timestamp; 0 when absent. */
export const millisOf = (at: Timestamp | undefined): number => (at === undefined ? 0 : at.seconds * 1000 + at.nanos / 1e6);

const isActive = (row: SessionRow): boolean => row.session.status === 'active';

const functionsText = ({ session }: SessionRow, width: number): string => {
  const names = session.functions.length > 0 ? session.functions : [session.functionName];
  const more = names.length > 1 ? ` +${names.length - 1}` : '';
  return `${cutName(cellText(names[0] ?? ''), width - more.length)}${more}`;
};

export const SESSION_COLUMNS: readonly Column<SessionRow>[] = [
  {
    id: 'session',
    title: 'SESSION',
    align: 'left',
    min: 12,
    max: 32,
    priority: 6,
    value: (row) => row.key,
    cell: (row, width) => ({ text: cutStart(cellText(row.key), width), role: isActive(row) ? 'plain' : 'dim' }),
  },
  {
    id: 'service',
    title: 'SERVICE',
    align: 'left',
    min: 10,
    max: 24,
    priority: 1,
    value: (row) => row.session.serviceName,
    cell: (row, width) => ({ text: cutEnd(cellText(row.session.serviceName), width), role: isActive(row) ? 'plain' : 'dim' }),
  },
  {
    id: 'functions',
    title: 'FUNCTIONS',
    align: 'left',
    min: 12,
    max: 60,
    priority: 2,
    value: (row) => row.session.functionName,
    cell: (row, width) => ({ text: functionsText(row, width), role: isActive(row) ? 'plain' : 'dim' }),
  },
  {
    id: 'status',
    title: 'STATUS',
    align: 'left',
    min: 13,
    max: 13,
    priority: 4,
    value: (row) => row.session.status,
    cell: (row) => ({
      text: cellText(row.session.status),
      role: isActive(row) ? 'accent' : row.session.status === 'agent_lost' ? 'warm' : 'dim',
    }),
  },
  {
    id: 'left',
    title: 'LEFT',
    align: 'right',
    min: 5,
    max: 5,
    priority: 5,
    value: (row) => (isActive(row) ? row.expiresMs : 0),
    cell: (row) => ({
      text: isActive(row) ? countdownText((row.expiresMs - row.nowMs) / 1000) : '·',
      role: isActive(row) ? 'plain' : 'dim',
    }),
  },
  {
    id: 'started',
    title: 'STARTED',
    align: 'right',
    min: 10,
    max: 10,
    priority: 3,
    value: (row) => row.startedMs,
    cell: (row) => ({ text: row.startedMs === 0 ? '·' : `${clockText((row.nowMs - row.startedMs) / 1000)} ago`, role: 'dim' }),
  },
  {
    id: 'calls',
    title: 'EVENTS',
    align: 'right',
    min: 8,
    max: 10,
    priority: 8,
    value: (row) => row.session.eventCount,
    cell: (row) => ({ text: countText(row.session.eventCount), role: 'dim' }),
  },
  {
    id: 'by',
    title: 'ASKED BY',
    align: 'left',
    min: 8,
    max: 16,
    priority: 7,
    value: (row) => row.session.requestedBy,
    cell: (row, width) => ({ text: cutEnd(cellText(row.session.requestedBy), width), role: 'dim' }),
  },
];

/** Past ones have no time left. */
export const HISTORY_COLUMNS = SESSION_COLUMNS.filter(({ id }) => id !== 'left');
