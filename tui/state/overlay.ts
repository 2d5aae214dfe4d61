/** What actions do while `?` or `:` is open. */

import { commandAction } from '../keys/commands.js';
import { helpRows } from '../keys/help-rows.js';
import type { Action, Step } from './action.js';
import { notify } from './notice.js';
import type { Overlay, State } from './state.js';

type Act = (state: State, action: Action) => Step;

/** Applies an action to the overlay; leaving it runs what was chosen. */
export function overlayAction(state: State, action: Action, actInView: Act): Step {
  const { overlay, ...rest } = state;
  if (overlay === undefined) return actInView(state, action);
  if (action.type === 'quit' || action.type === 'redraw' || action.type === 'suspend') return actInView(state, action);
  if (action.type === 'back') return { state: rest, effects: [] };
  if (action.type === 'enter') return run(rest, overlay, actInView);
  return { state: { ...state, overlay: changed(state, overlay, action) }, effects: [] };
}

function changed(state: State, overlay: Overlay, action: Action): Overlay {
  if (action.type === 'edit')
    return overlay.kind === 'help' ? { ...overlay, filter: action.line, index: 0 } : { ...overlay, line: action.line };
  if (overlay.kind !== 'help' || action.type !== 'move' || typeof action.by !== 'number') return overlay;
  const last = helpRows(state.view, overlay.filter.text).length - 1;
  return { ...overlay, index: Math.max(0, Math.min(last, overlay.index + action.by)) };
}

function run(state: State, overlay: Overlay, actInView: Act): Step {
  const action =
    overlay.kind === 'help' ? helpRows(state.view, overlay.filter.text)[overlay.index]?.action : commandAction(overlay.line.text);
  if (action !== undefined) return actInView(state, action);
  const typed = overlay.kind === 'command' ? overlay.line.text.trim() : '';
  return { state: typed === '' ? state : notify(state, `no command ${typed}; ? lists the keys`, 'warn'), effects: [] };
}
