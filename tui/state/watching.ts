/** What a session tells, taken into the state. */

import type { SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason, SingleCall } from '../../snapshots/document.js';
import { NO_WISHES, type Reading, type WatchEvent } from '../feed/feed.js';
import { millisOf } from '../tables/session-table.js';
import type { Effect, Step } from './action.js';
import { goTo } from './navigate.js';
import { notify } from './notice.js';
import type { Session, State } from './state.js';
import { NO_TRENDS, withReading } from './trends.js';

/** The session is armed (or has more functions): it is watched from now on. */
export function opened(state: State, info: SessionInfo): Step {
  const { session } = state;
  const grown = session?.id === info.sessionId;
  if (session === undefined || !(grown || session.id === '')) return { state, effects: [] };
  const running: Session = { ...session, ...armed(info), status: 'running' };
  const effects: Effect[] = grown ? [] : [{ type: 'watch', sessionId: info.sessionId }];
  const refused = info.refused.filter((refusal) => !session.functions.includes(refusal.function) || !grown);
  const told = refused[0] === undefined ? state : notify(state, `${refused[0].function} refused: ${refused[0].reason}`, 'warn');
  return { state: { ...told, session: running }, effects };
}

/** Watches a session that somebody else opened, or that is in a file. */
export function showSession(state: State, id: string, known: Partial<Session> = {}): Step {
  const { frozen: _, ...rest } = goTo(state, 'live');
  const session: Session = {
    ...UNHEARD,
    service: '',
    functions: [],
    borrowed: true,
    heardAtMs: state.nowMs,
    ...known,
    id,
    status: 'attaching',
  };
  return { state: { ...rest, session }, effects: [{ type: 'watch', sessionId: id }] };
}

const NO_SINGLES: Session['singles'] = new Map();

/** What a session begins with. */
export const UNHEARD = { trends: NO_TRENDS, wishes: NO_WISHES, singles: NO_SINGLES, borrowed: false } as const;

function armed(info: SessionInfo): Pick<Session, 'id' | 'service' | 'functions'> & { expiresAtMs?: number } {
  return {
    id: info.sessionId,
    service: info.service,
    functions: info.functions.map((plan) => plan.name),
    ...(info.expiresAt === undefined ? {} : { expiresAtMs: millisOf(info.expiresAt) }),
  };
}

/** An event of the watched session; those of another one come too late and are dropped. */
export function watched(state: State, sessionId: string, event: WatchEvent): Step {
  const { session } = state;
  if (session?.id !== sessionId) return { state, effects: [] };
  return heard(state, { ...session, heardAtMs: state.nowMs }, event);
}

function heard(state: State, session: Session, event: WatchEvent): Step {
  switch (event.kind) {
    case 'session':
      return { state: { ...state, session: { ...session, ...armed(event.info), status: stillRunning(session) } }, effects: [] };
    case 'reading':
      return { state: { ...state, session: read(session, event.reading) }, effects: [] };
    case 'calls':
      return { state: { ...state, session: withSingles(session, event.calls) }, effects: [] };
    case 'notice':
      return { state: notify({ ...state, session }, event.message, GOOD_NEWS.has(event.code) ? 'info' : 'warn'), effects: [] };
    case 'ended':
      return { state: ended(state, session, event.reading), effects: [{ type: 'load-sessions' }] };
    case 'failed':
      return { state: lost(state, event.error), effects: [] };
  }
}

/** Notices that ask for nothing. */
const GOOD_NEWS: ReadonlySet<string> = new Set(['PROCESS_JOINED', 'AGENT_BACK', 'RECONNECTED', 'BUDGET_RESTORED', 'TAKEN_UP']);

/** Calls shown singly that are kept of a function. */
const MOST_SINGLES = 64;

function withSingles(session: Session, calls: readonly SingleCall[]): Session {
  const singles = new Map(session.singles);
  for (const name of new Set(calls.map((call) => call.function))) {
    const newest = calls.filter((call) => call.function === name).slice(-MOST_SINGLES);
    singles.set(name, [...newest.reverse(), ...(singles.get(name) ?? [])].slice(0, MOST_SINGLES));
  }
  return { ...session, singles };
}

/** The session may go on; nothing is known of it any more. Its age is that of the last news. */
function lost(state: State, error: Error): State {
  if (state.session === undefined) return state;
  return notify({ ...state, session: { ...state.session, status: 'ended', lost: true } }, error.message, 'warn');
}

const stillRunning = (session: Session): Session['status'] => (session.status === 'attaching' ? 'running' : session.status);

function read(session: Session, reading: Reading): Session {
  return {
    ...session,
    service: reading.snapshot.service,
    reading,
    status: stillRunning(session),
    trends: withReading(session.trends, reading.snapshot),
  };
}

function ended(state: State, session: Session, reading: Reading): State {
  const { expiresAtMs: _, ...rest } = read(session, reading);
  const endReason: EndReason = reading.snapshot.end_reason ?? 'interrupted';
  const over: Session = { ...rest, status: 'ended', endReason };
  return notify(
    { ...state, session: over },
    END_TEXT[endReason],
    endReason === 'detached' || endReason === 'expired' ? 'info' : 'warn',
  );
}

/** What is said when a session ends; the header keeps the first words. */
const END_TEXT: Record<EndReason, string> = {
  expired: 'the session expired; the probes are off and these are its last numbers',
  detached: 'detached; these are the last numbers',
  interrupted: 'the session was interrupted; these are its last numbers',
  target_exited: 'the target exited; these are its last numbers',
  budget: 'the session ended because its probes cost more than the budget',
  agent_lost: 'the agent was lost; these are the last numbers it sent',
};
