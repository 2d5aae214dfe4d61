/** What each action does to the state. */

import { COLUMN_IDS } from '../tables/column-ids.js';
import type { Action, Effect, Step } from './action.js';
import { copyText } from './copy-text.js';
import { attach, closeFilter, enter, openFunctions } from './enter.js';
import { EMPTY_LINE } from './line-edit.js';
import { goBack, goTo } from './navigate.js';
import { notify } from './notice.js';
import { overlayAction } from './overlay.js';
import { byProcess } from './processes.js';
import { moveSelection, selectFirst, selectIndex, settleSelection } from './selection.js';
import { detach, extend, otherSession, quit } from './session-actions.js';
import { type State, shownSession, VIEWS, type View } from './state.js';
import { subjectOf } from './subject.js';
import { capture, wish } from './wishes.js';

const step = (state: State, ...effects: Effect[]): Step => ({ state, effects });

/** Carries out an action. Any other action takes back a question that was asked (quit?) and a waiting Enter. */
export function act(before: State, action: Action): Step {
  const { enterWhenReady: _, ...rest } = before;
  const state: State = action.type === 'quit' ? rest : { ...rest, quitAsked: false };
  return before.overlay === undefined ? actInView(state, action) : overlayAction(state, action, actInView);
}

function actInView(state: State, action: Action): Step {
  switch (action.type) {
    case 'move':
      return step(moveSelection(state, action.by));
    case 'select':
      return step(selectIndex(state, action.index));
    case 'enter':
      return enter(state);
    case 'back':
      return back(state);
    case 'view':
      return show(state, action.view);
    case 'next-view':
      return show(state, VIEWS[(VIEWS.indexOf(state.view) + action.by + VIEWS.length) % VIEWS.length] ?? 'services');
    case 'filter':
      return step(openFilter(state));
    case 'edit':
      return edit(state, action);
    case 'sort':
      return step(sortBy(state, action.by));
    case 'invert':
      return step(invert(state));
    case 'freeze':
      return step(freeze(state));
    case 'attach':
      return attachMore(state);
    case 'attach-names':
      return attachNames(state, action.names);
    case 'detach':
      return detach(state);
    case 'extend':
      return extend(state);
    case 'capture':
      return capture(state, action);
    case 'wish':
      return wish(state, action.wishes, action.said);
    case 'say':
      return step(notify(state, action.text, 'warn'));
    case 'by-process':
      return byProcess(state);
    case 'next-function':
      return step(nextFunction(state, action.by));
    case 'snapshot':
      return snapshot(state);
    case 'copy':
      return copy(state);
    case 'editor':
      return editor(state);
    case 'collapse':
      return state.view === 'tree' ? enter(state) : step(state);
    case 'help':
      return step({ ...state, overlay: { kind: 'help', filter: EMPTY_LINE, index: 0, top: 0 } });
    case 'command':
      return step({ ...state, overlay: { kind: 'command', line: EMPTY_LINE } });
    case 'refresh':
      return step(state, ...loads(state, state.view));
    case 'redraw':
      return step({ ...state }, { type: 'redraw' });
    case 'suspend':
      return step(state, { type: 'suspend' });
    case 'quit':
      return quit(state);
  }
}

function back(state: State): Step {
  const after = goBack(state);
  const searched = after.filters.functions.text !== state.filters.functions.text;
  return step(after, ...(searched && after.functions?.index ? [{ type: 'search', text: '' } as const] : []));
}

function show(state: State, view: View): Step {
  if (view === 'functions' && state.functions === undefined) return showFunctions(state);
  const next = goTo(state.filters[state.view].open ? closeFilter(state, state.view) : state, view);
  return step(next, ...loads(next, view));
}

/** Of the service that is measured, when none was chosen. */
function showFunctions(state: State): Step {
  const service = state.session?.service || state.service;
  if (!state.source.live) return step(notify(state, 'this is a file: it has no other functions', 'info'));
  return service === undefined
    ? step(notify(state, 'choose a service first: Enter on it', 'info'))
    : openFunctions(state, service);
}

function loads(state: State, view: View): Effect[] {
  if (view === 'services') return [{ type: 'load-services' }];
  if (view === 'sessions') return [{ type: 'load-sessions' }];
  const service = shownSession(state)?.service ?? state.service;
  return view === 'history' && service !== undefined ? [{ type: 'load-history', service }] : [];
}

const openFilter = (state: State): State => ({
  ...state,
  filters: { ...state.filters, [state.view]: { ...state.filters[state.view], open: true } },
});

function edit(state: State, { line }: Action & { type: 'edit' }): Step {
  const changed = line.text !== state.filters[state.view].text;
  const next = { ...state, filters: { ...state.filters, [state.view]: { ...line, open: true } } };
  if (!changed) return step(next);
  if (state.view !== 'functions') return step(selectFirst(next));
  return step(next, ...(state.functions?.index ? [{ type: 'search', text: line.text } as const] : []));
}

function sortBy(state: State, by: 1 | -1): State {
  const ids = COLUMN_IDS[state.view];
  const at = ids.indexOf(state.sorts[state.view].column);
  const column = ids[(at + by + ids.length) % ids.length];
  if (column === undefined) return state;
  return { ...state, sorts: { ...state.sorts, [state.view]: { ...state.sorts[state.view], column } } };
}

function invert(state: State): State {
  const sort = state.sorts[state.view];
  return { ...state, sorts: { ...state.sorts, [state.view]: { ...sort, descending: !sort.descending } } };
}

/** The view stands still; the session goes on and so does what is read from it. */
function freeze(state: State): State {
  const { frozen, ...rest } = state;
  if (frozen !== undefined) return rest;
  return state.session === undefined ? state : { ...state, frozen: state.session };
}

function attachMore(state: State): Step {
  if (!state.source.live) return step(notify(state, 'this is a file: nothing can be attached', 'warn'));
  if (state.view === 'functions') return enter(state);
  const service = state.session?.status === 'running' ? state.session.service : state.service;
  if (service === undefined) return step(notify(state, 'choose a service first: Enter on it', 'info'));
  return openFunctions(state, service);
}

function attachNames(state: State, names: readonly string[]): Step {
  const service = state.session?.status === 'running' ? state.session.service : state.service;
  return service === undefined
    ? step(notify(state, 'choose a service first: Enter on it', 'info'))
    : attach(state, service, names);
}

/** Detail goes to another function without leaving. */
function nextFunction(state: State, by: 1 | -1): State {
  const live = settleSelection({ ...state, view: 'live' });
  const moved = selectIndex(live, live.selections.live.index + by);
  return selectFirst({ ...moved, view: state.view });
}

function snapshot(state: State): Step {
  const other = otherSession(state);
  if (other !== undefined) return step(state, { type: 'snapshot', sessionId: other });
  const session = shownSession(state);
  if (session?.reading === undefined) return step(notify(state, 'nothing is measured yet', 'info'));
  return step(state, { type: 'snapshot', sessionId: session.id });
}

function copy(state: State): Step {
  const text = copyText(state);
  if (text === undefined) return step(state);
  const what = state.overlay?.kind === 'call' ? 'the call as JSON' : text;
  return step(notify(state, `copied: ${what}`, 'info'), { type: 'copy', text });
}

function editor(state: State): Step {
  const f = subjectOf(state)?.f;
  if (f?.file === undefined) return step(notify(state, 'the source file of this row is not known', 'info'));
  return step(state, { type: 'editor', file: f.file, line: f.line ?? 1 });
}
