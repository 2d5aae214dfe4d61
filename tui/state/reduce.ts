/** (state, event) to (state, effects). Pure: the one place where the workbench changes. */

import { act } from './act.js';
import type { Effect, Event, Step } from './action.js';
import { attach, enter, openFunctions } from './enter.js';
import { notify } from './notice.js';
import { processesWanted, withProcesses } from './processes.js';
import { selectFirst, settleSelection } from './selection.js';
import { type State, shownSession } from './state.js';
import { opened, showSession, watched } from './watching.js';
import { takeBack } from './wishes.js';

/** How often Services, Sessions and the rows of processes are asked for while they are on the screen. */
const POLL_MS = 2000;

/** Applies an event; `state.nowMs` is the time of it. */
export function reduce(state: State, event: Event): Step {
  const step = apply(state, event);
  const settled = { ...step, state: step.state === state ? state : settleSelection(step.state) };
  return settled.state.enterWhenReady === undefined ? settled : enterIfReady(settled);
}

const only = (state: State, ...effects: Effect[]): Step => ({ state, effects });

function apply(state: State, event: Event): Step {
  switch (event.type) {
    case 'action':
      return act(state, event.action);
    case 'tick':
      return tick(state);
    case 'resized':
      return only({ ...state, columns: event.columns, rows: event.rows });
    case 'connecting':
      return only({ ...state, connection: 'connecting', connectionDetail: '' });
    case 'connected':
      return connected(state, event);
    case 'disconnected':
      return only({ ...state, connection: 'failed', connectionDetail: event.detail });
    case 'show-service':
      return openFunctions(state, event.service);
    case 'show-session':
      return showSession(state, event.sessionId, { borrowed: !state.source.live });
    case 'measure':
      return measure(state, event);
    case 'services':
      return only({ ...state, services: event.services, connection: 'ready' });
    case 'functions':
      return functionsLoaded(state, event);
    case 'functions-failed':
      return functionsFailed(state, event);
    case 'hits':
      return state.functions === undefined ? only(state) : only(withHits(state, event));
    case 'plans':
      return event.service === state.functions?.service ? only(withPlans(state, event)) : only(state);
    case 'opened':
      return opened(state, event.info);
    case 'change-failed':
      return only(takeBack(state, event.sessionId, event.before, event.message));
    case 'processes':
      return only(withProcesses(state, event.sessionId, event.snapshot));
    case 'attach-failed':
      return attachFailed(state, event.message);
    case 'detach-failed':
      return only(notify({ ...state, ...detachFailed(state) }, event.message, 'warn'));
    case 'watched':
      return watched(state, event.sessionId, event.event);
    case 'sessions':
      return only({ ...state, sessions: event.sessions });
    case 'history':
      return only({ ...state, history: event.history });
    case 'notice':
      return only(notify(state, event.text, event.tone));
  }
}

/** Clocks run only where one is on the screen; lists that others change are asked for again. */
function tick(state: State): Step {
  const { notice: _, ...rest } = state;
  if (state.notice !== undefined && state.notice.untilMs <= state.nowMs) return only({ ...rest, quitAsked: false });
  const effects = pollOf(state);
  if (effects.length > 0) return { state: { ...state, polledAtMs: state.nowMs }, effects };
  const counting = shownSession(state)?.status === 'running' || state.view === 'sessions';
  return only(counting ? { ...state } : state);
}

function pollOf(state: State): Effect[] {
  if (state.connection !== 'ready' || !state.source.live || state.nowMs - state.polledAtMs < POLL_MS) return [];
  if (state.view === 'services') return [{ type: 'load-services' }];
  return state.view === 'sessions' ? [{ type: 'load-sessions' }] : processesWanted(state);
}

function connected(state: State, event: Event & { type: 'connected' }): Step {
  const ready: State = { ...state, connection: 'ready', connectionDetail: '' };
  const problem =
    event.status.unreportedEnds[0] ?? (event.status.historyError && `history is not written: ${event.status.historyError}`);
  return only(problem ? notify(ready, problem, 'warn') : ready, { type: 'load-services' });
}

function functionsLoaded(state: State, { service, index, pool }: Event & { type: 'functions' }): Step {
  if (state.functions?.service !== service) return only(state);
  return only({ ...state, functions: { service, index, pool } }, { type: 'search', text: state.filters.functions.text });
}

function functionsFailed(state: State, { service, message }: Event & { type: 'functions-failed' }): Step {
  if (state.functions?.service !== service) return only(state);
  const { enterWhenReady: _, ...rest } = state;
  return only({ ...rest, functions: { service, error: message } });
}

function withHits(state: State, { hits }: Event & { type: 'hits' }): State {
  if (state.functions === undefined || hits.text !== state.filters.functions.text) return state;
  const changed = hits.text !== state.functions.hits?.text;
  const next = { ...state, functions: { ...state.functions, hits } };
  return changed && state.view === 'functions' ? selectFirst(next) : next;
}

function withPlans(state: State, { plans }: Event & { type: 'plans' }): State {
  return { ...state, plans: new Map([...state.plans, ...plans.map((plan) => [plan.name, plan] as const)]) };
}

/** Named on the command line: measured at once, in Live. */
function measure(state: State, { service, functions, durationMs }: Event & { type: 'measure' }): Step {
  return attach({ ...state, service, trail: ['services'] }, service, functions, durationMs);
}

/** The session stays if functions were to be added to a running one; else back to the functions, to choose others. */
function attachFailed(state: State, message: string): Step {
  const { session, ...rest } = state;
  if (session?.status !== 'attaching' || session.id !== '') return only(notify(state, message, 'warn'));
  const known = state.functions?.service === session.service;
  const back: Step = known
    ? only({ ...rest, view: 'functions', trail: ['services'] })
    : openFunctions({ ...rest, view: 'services', trail: [] }, session.service);
  return { ...back, state: notify(back.state, message, 'warn') };
}

const detachFailed = (state: State): Partial<State> =>
  state.session?.status === 'detaching' ? { session: { ...state.session, status: 'running' } } : {};

function enterIfReady(step: Step): Step {
  const { enterWhenReady, ...state } = step.state;
  if (enterWhenReady !== state.view) return { ...step, state };
  const entered = enter(state);
  const waiting = entered.state.enterWhenReady === enterWhenReady;
  if (waiting) return step;
  return { state: settleSelection(entered.state), effects: [...step.effects, ...entered.effects] };
}
