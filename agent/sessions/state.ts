/** A session's life as a table: which operation is possible in which state, and what it leads to. Pure. */

import { CoralError } from '../../proto/errors.js';

/** `opening`: planning and arming. `ending`: probes are coming off. `ended`: kept until the colony has the end. */
export type SessionState = 'opening' | 'armed' | 'ending' | 'ended' | 'gone';

export type SessionOperation = 'armed' | 'failed' | 'update' | 'tick' | 'end' | 'ended' | 'acknowledged';

/** `ignore`: nothing to do, no error (two causes may end a session at once). `refuse`: the caller hears why. */
export type Transition = SessionState | 'ignore' | 'refuse';

export const TRANSITIONS: Record<SessionState, Record<SessionOperation, Transition>> = {
  opening: {
    armed: 'armed',
    failed: 'gone',
    update: 'refuse',
    tick: 'ignore',
    end: 'ending',
    ended: 'refuse',
    acknowledged: 'refuse',
  },
  armed: {
    armed: 'refuse',
    failed: 'refuse',
    update: 'armed',
    tick: 'armed',
    end: 'ending',
    ended: 'refuse',
    acknowledged: 'refuse',
  },
  ending: {
    armed: 'ignore',
    failed: 'gone',
    update: 'refuse',
    tick: 'ignore',
    end: 'ignore',
    ended: 'ended',
    acknowledged: 'refuse',
  },
  ended: {
    armed: 'refuse',
    failed: 'refuse',
    update: 'refuse',
    tick: 'ignore',
    end: 'ignore',
    ended: 'ignore',
    acknowledged: 'gone',
  },
  gone: {
    armed: 'refuse',
    failed: 'ignore',
    update: 'refuse',
    tick: 'ignore',
    end: 'ignore',
    ended: 'ignore',
    acknowledged: 'ignore',
  },
};

/** The state after an operation, or null where the operation has no effect; throws SESSION_NOT_FOUND or INTERNAL where it is refused. */
export function transition(sessionId: string, state: SessionState, operation: SessionOperation): SessionState | null {
  const next = TRANSITIONS[state][operation];
  if (next === 'refuse') throw refusal(sessionId, state, operation);
  return next === 'ignore' ? null : next;
}

function refusal(sessionId: string, state: SessionState, operation: SessionOperation): CoralError {
  if (operation !== 'update')
    return new CoralError('INTERNAL', `session ${sessionId} cannot be '${operation}' while it is '${state}'`);
  return new CoralError(
    'SESSION_NOT_FOUND',
    `session ${sessionId} cannot be changed: it is ${state === 'opening' ? 'still being opened' : 'at its end'}`,
    state === 'opening' ? 'try again when it is armed' : 'open a new session',
    { session_id: sessionId, state },
  );
}
