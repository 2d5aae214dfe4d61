/** Enter goes one level in: a service to its functions, a function to being measured, a measured one to its detail. */

import { NO_WISHES } from '../feed/feed.js';
import type { Step } from './action.js';
import { EMPTY_LINE } from './line-edit.js';
import { shownCalls, shownServices } from './list.js';
import { goTo } from './navigate.js';
import { notify } from './notice.js';
import { selectedKey, selectFirst } from './selection.js';
import type { Session, State, View } from './state.js';
import { showSession, UNHEARD } from './watching.js';

/** What Enter does in the current view. */
export function enter(state: State): Step {
  return ENTER[state.view](state);
}

const stay = (state: State): Step => ({ state, effects: [] });

const ENTER: Record<View, (state: State) => Step> = {
  services: enterService,
  functions: attachSelected,
  live: (state) => stay(selectedKey(state) === undefined ? state : selectFirst(goTo(state, 'detail'))),
  detail: (state) => stay(openCall(state)),
  tree: (state) => stay(toggleNode(state)),
  history: openPast,
  sessions: watchSelected,
};

function enterService(state: State): Step {
  if (state.services === undefined) return stay({ ...state, enterWhenReady: 'services' });
  const row = shownServices(state)[state.selections.services.index];
  if (row === undefined) return stay(notify(state, 'no service fits the filter', 'warn'));
  if (!row.probeable) return stay(notify(state, `${row.service} cannot be probed: ${row.reason}`, 'warn'));
  return openFunctions(state, row.service);
}

/** Shows a service's functions, the filter ready to type. */
export function openFunctions(state: State, service: string): Step {
  const clear = closeFilter(state, state.view);
  const opened: State = {
    ...goTo(clear, 'functions'),
    service,
    filters: { ...clear.filters, functions: { ...EMPTY_LINE, open: true } },
  };
  if (state.functions?.service === service && state.functions.index !== undefined) {
    return { state: opened, effects: [{ type: 'search', text: '' }] };
  }
  return { state: { ...opened, functions: { service }, plans: new Map() }, effects: [{ type: 'load-functions', service }] };
}

/** The filter keeps its text and stops taking letters. */
export function closeFilter(state: State, view: View): State {
  return { ...state, filters: { ...state.filters, [view]: { ...state.filters[view], open: false } } };
}

function attachSelected(state: State): Step {
  const { functions } = state;
  if (functions === undefined || functions.error !== undefined) return stay(state);
  const searching = functions.hits?.text !== state.filters.functions.text;
  if (functions.index === undefined || searching) return stay({ ...state, enterWhenReady: 'functions' });
  const name = selectedKey(state);
  if (name === undefined) return stay(notify(state, 'no function fits the filter', 'warn'));
  return attach(state, functions.service, [name]);
}

/** Adds to the running session of the service, or opens one; one session is open at a time. */
export function attach(state: State, service: string, functions: readonly string[], durationMs?: number): Step {
  const { session } = state;
  const live = goTo(closeFilter(state, 'functions'), 'live');
  if (session?.status === 'running' && session.service === service && !session.borrowed) {
    return addTo(
      live,
      session.id,
      functions.filter((name) => !session.functions.includes(name)),
    );
  }
  const { frozen: _, ...rest } = live;
  const attaching: State = {
    ...rest,
    session: { ...UNHEARD, id: '', service, status: 'attaching', functions, heardAtMs: state.nowMs },
  };
  const replaced = session?.status === 'running' && !session.borrowed;
  return {
    state: replaced ? notify(attaching, `the session on ${session.service} is being detached`, 'info') : attaching,
    effects: [
      ...(replaced ? [{ type: 'detach', sessionId: session.id } as const] : []),
      { type: 'attach', service, functions, wishes: NO_WISHES, ...(durationMs === undefined ? {} : { durationMs }) },
    ],
  };
}

function addTo(state: State, sessionId: string, functions: readonly string[]): Step {
  if (functions.length === 0) return stay(notify(state, 'already attached', 'info'));
  return { state, effects: [{ type: 'add', sessionId, functions }] };
}

/** The selected call's sheet. */
function openCall(state: State): State {
  const call = shownCalls(state)[state.selections.detail.index];
  return call === undefined ? state : { ...state, overlay: { kind: 'call', call, top: 0 } };
}

function toggleNode(state: State): State {
  const key = selectedKey(state);
  if (key === undefined) return state;
  const collapsed = new Set(state.collapsed);
  if (!collapsed.delete(key)) collapsed.add(key);
  return { ...state, collapsed };
}

function watchSelected(state: State): Step {
  const id = selectedKey(state);
  const chosen = state.sessions?.find((session) => session.sessionId === id);
  if (chosen === undefined) return stay(state);
  if (chosen.sessionId === state.session?.id) return stay(goTo(state, 'live'));
  if (state.session?.status === 'running' && !state.session.borrowed) {
    return stay(notify(state, 'detach the running session first (d)', 'warn'));
  }
  return showSession(state, chosen.sessionId, { service: chosen.serviceName, functions: chosen.functions });
}

function openPast(state: State): Step {
  const id = selectedKey(state);
  const past = state.history?.find((entry) => entry.session.sessionId === id);
  if (past === undefined) return stay(state);
  if (state.session?.status === 'running' && !state.session.borrowed) {
    return stay(notify(state, 'detach the running session first (d)', 'warn'));
  }
  const { frozen: _, ...rest } = goTo(state, 'live');
  const { snapshot } = past;
  const session: Session = {
    ...UNHEARD,
    id: snapshot.session_id,
    service: snapshot.service,
    status: 'ended',
    ...(snapshot.end_reason === undefined ? {} : { endReason: snapshot.end_reason }),
    functions: snapshot.functions.map((f) => f.name),
    reading: { snapshot, rowCostNs: [] },
    heardAtMs: state.nowMs,
    borrowed: true,
  };
  return stay({ ...rest, session });
}
