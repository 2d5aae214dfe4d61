/** Detach, extend and quit: what acts on the session itself. */

import { millisOf } from '../tables/session-table.js';
import type { Step } from './action.js';
import { notify } from './notice.js';
import { selectedKey } from './selection.js';
import type { State } from './state.js';

/** How far one press of `e` moves the end. */
const EXTENSION_MS = 60_000;

const stay = (state: State): Step => ({ state, effects: [] });

/** The session that is selected where sessions are listed (Sessions, History), else undefined. */
export const chosenSession = (state: State): string | undefined =>
  state.view === 'sessions' || state.view === 'history' ? selectedKey(state) : undefined;

/** Ends the selected session or the one on the screen. */
export function detach(state: State): Step {
  const chosen = chosenSession(state);
  if (chosen !== undefined && chosen !== state.session?.id) return detachOther(state, chosen);
  const { session } = state;
  if (session?.status !== 'running') return stay(notify(state, 'no session is running', 'info'));
  return {
    state: { ...state, session: { ...session, status: 'detaching' } },
    effects: [{ type: 'detach', sessionId: session.id }],
  };
}

function detachOther(state: State, sessionId: string): Step {
  const chosen = state.sessions?.find((session) => session.sessionId === sessionId);
  if (chosen?.status !== 'active') return stay(notify(state, 'that session has ended', 'info'));
  return {
    state: notify(state, `detaching ${sessionId} on ${chosen.serviceName}`, 'info'),
    effects: [{ type: 'detach', sessionId }],
  };
}

/** Moves the end of the selected session (in Sessions) or of the running one by a minute. */
export function extend(state: State): Step {
  const { session } = state;
  const chosen = state.view === 'sessions' ? state.sessions?.find((other) => other.sessionId === selectedKey(state)) : undefined;
  if (chosen?.status === 'active' && chosen.sessionId !== session?.id) {
    const told = notify(state, `${chosen.sessionId} lasts a minute longer`, 'info');
    return {
      state: told,
      effects: [{ type: 'extend', sessionId: chosen.sessionId, expiresAtMs: millisOf(chosen.expiresAt) + EXTENSION_MS }],
    };
  }
  if (session?.status !== 'running' || session.expiresAtMs === undefined)
    return stay(notify(state, 'no session is running', 'info'));
  const expiresAtMs = session.expiresAtMs + EXTENSION_MS;
  return { state, effects: [{ type: 'extend', sessionId: session.id, expiresAtMs }] };
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
