/** Detach, extend and quit: what acts on the session itself. */

import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { millisOf } from '../tables/session-table.js';
import type { Step } from './action.js';
import { notify } from './notice.js';
import { selectedKey } from './selection.js';
import type { State } from './state.js';

/** How far one press of `e` moves the end. */
const EXTENSION_MS = 60_000;

const stay = (state: State): Step => ({ state, effects: [] });

/** The session that is selected where sessions are listed (Sessions, History), unless it is the one on the screen. */
export function otherSession(state: State): string | undefined {
  const chosen = state.view === 'sessions' || state.view === 'history' ? selectedKey(state) : undefined;
  return chosen === state.session?.id ? undefined : chosen;
}

/** Ends the selected session or the one on the screen. */
export function detach(state: State): Step {
  const other = otherSession(state);
  if (other !== undefined) {
    return onOther(state, other, (chosen) => ({
      state: notify(state, `detaching ${other} on ${chosen.serviceName}`, 'info'),
      effects: [{ type: 'detach', sessionId: other }],
    }));
  }
  const { session } = state;
  if (session?.status !== 'running') return stay(notify(state, 'no session is running', 'info'));
  return {
    state: { ...state, session: { ...session, status: 'detaching' } },
    effects: [{ type: 'detach', sessionId: session.id }],
  };
}

/** Moves the end of the selected session or of the one on the screen by a minute. */
export function extend(state: State): Step {
  const other = otherSession(state);
  if (other !== undefined) {
    return onOther(state, other, (chosen) => ({
      state: notify(state, `${other} lasts a minute longer`, 'info'),
      effects: [{ type: 'extend', sessionId: other, expiresAtMs: millisOf(chosen.expiresAt) + EXTENSION_MS }],
    }));
  }
  const { session } = state;
  if (session?.status !== 'running' || session.expiresAtMs === undefined)
    return stay(notify(state, 'no session is running', 'info'));
  const expiresAtMs = session.expiresAtMs + EXTENSION_MS;
  return { state, effects: [{ type: 'extend', sessionId: session.id, expiresAtMs }] };
}

function onOther(state: State, sessionId: string, act: (session: DebugSession) => Step): Step {
  const chosen = state.sessions?.find((session) => session.sessionId === sessionId);
  return chosen?.status === 'active' ? act(chosen) : stay(notify(state, 'that session has ended', 'info'));
}

/** Leaves at once, or, when our probes are attached, after being asked twice. */
export function quit(state: State): Step {
  const { session } = state;
  const attached = session !== undefined && !session.borrowed && session.status !== 'ended';
  if (!attached) return { state, effects: [{ type: 'quit' }] };
  if (!state.quitAsked) {
    const probes = `${session.functions.length} ${session.functions.length === 1 ? 'probe is' : 'probes are'}`;
    return stay(
      notify({ ...state, quitAsked: true }, `${probes} attached to ${session.service}: once more detaches and quits`, 'warn'),
    );
  }
  return { state, effects: [{ type: 'quit' }] };
}
