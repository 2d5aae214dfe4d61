/** What is asked of a running session's single calls and budget. Everything is sent anew; a refusal takes it back. */

import { durationText } from '../cells/format.js';
import { NO_WISHES, type Wishes } from '../feed/feed.js';
import type { Action, Step } from './action.js';
import { notify } from './notice.js';
import type { Session, State } from './state.js';

const stay = (state: State): Step => ({ state, effects: [] });

/** Captures arguments and results of single calls, or stops. */
export function capture(state: State, { on }: Action & { type: 'capture' }): Step {
  const captureValues = on ?? !state.session?.wishes.captureValues;
  const said = captureValues ? 'arguments and results of single calls are captured' : 'values are no longer captured';
  return wish(state, { captureValues }, said);
}

/** Changes some of the running session's wishes. */
export function wish(state: State, wanted: Partial<Wishes>, said: string): Step {
  const { session } = state;
  if (session?.status !== 'running') return stay(notify(state, 'no session is running', 'info'));
  if (session.borrowed)
    return stay(notify(state, 'this session is somebody else’s: what it shows is for its owner to change', 'warn'));
  const wishes = { ...session.wishes, ...wanted };
  return {
    state: notify({ ...state, session: { ...session, wishes } }, said, 'info'),
    effects: [{ type: 'change', sessionId: session.id, wishes, before: session.wishes }],
  };
}

/** Nothing has changed in the session: what is shown as wished is what holds. */
export function takeBack(state: State, sessionId: string, before: Wishes, message: string): State {
  const { session } = state;
  const kept = session?.id === sessionId ? { ...state, session: { ...session, wishes: before } } : state;
  return notify(kept, message, 'warn');
}

/** Why calls are shown singly beside the slowest: `userID == "u_1", over 50ms, 1 in 100`; empty: they are not. */
export function reasonsShown({ wishes }: Session): string {
  const { filters, slowerThanNs, sampleRate } = wishes;
  const reasons = [
    ...filters,
    slowerThanNs > 0 ? `over ${durationText(slowerThanNs)}` : '',
    sampleRate > 0 ? `1 in ${sampleRate}` : '',
  ].filter(Boolean);
  return reasons.length === 0 && wishes.captureValues ? 'captured' : reasons.join(', ');
}

/** The wishes as flags of `coral debug attach`. */
export function wishFlags({ captureValues, filters, slowerThanNs, sampleRate, budgetPercent }: Wishes): readonly string[] {
  return [
    ...(captureValues ? ['--capture-args', '--capture-return'] : []),
    ...filters.flatMap((filter) => ['--filter', filter]),
    ...(slowerThanNs > 0 ? ['--slower-than', `${slowerThanNs / 1e6}ms`] : []),
    ...(sampleRate > 0 ? ['--sample-rate', String(sampleRate)] : []),
    ...(budgetPercent === NO_WISHES.budgetPercent ? [] : ['--budget', budgetPercent < 0 ? 'unlimited' : String(budgetPercent)]),
  ];
}
