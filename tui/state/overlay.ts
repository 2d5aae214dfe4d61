/** What actions do while `?` or `:` is open. */

import { commandAction, completed } from '../keys/commands.js';
import { helpRows } from '../keys/help-rows.js';
import { callSheet } from '../tables/call-sheet.js';
import type { Action, Step } from './action.js';
import { columnsOfSheet, rowsOfHelp, rowsOfSheet } from './layout.js';
import { lineOf } from './line-edit.js';
import { moved } from './move.js';
import { notify } from './notice.js';
import type { Overlay, State } from './state.js';

type Act = (state: State, action: Action) => Step;

/** Applies an action to the overlay; leaving it runs what was chosen. */
export function overlayAction(state: State, action: Action, actInView: Act): Step {
  const { overlay, ...rest } = state;
  if (overlay === undefined) return actInView(state, action);
  if (action.type === 'quit' || action.type === 'redraw' || action.type === 'suspend') return actInView(state, action);
  if (action.type === 'back') return { state: rest, effects: [] };
  if (overlay.kind === 'call') return onSheet(state, overlay, action, actInView);
  if (action.type === 'enter') return run(rest, overlay, actInView);
  return { state: { ...state, overlay: changed(state, overlay, action) }, effects: [] };
}

/** Enter closes it, c copies the call as JSON, the arrows scroll. */
function onSheet(state: State, overlay: Overlay & { kind: 'call' }, action: Action, actInView: Act): Step {
  const { overlay: _, ...rest } = state;
  if (action.type === 'enter') return { state: rest, effects: [] };
  if (action.type === 'copy') return actInView(state, action);
  if (action.type !== 'move') return { state, effects: [] };
  const tops = callSheet(overlay.call, columnsOfSheet(state)).length - rowsOfSheet(state) + 1;
  const { index: top } = moved(action.by, { index: overlay.top, top: 0 }, rowsOfSheet(state), tops);
  return { state: { ...state, overlay: { ...overlay, top } }, effects: [] };
}

function changed(state: State, overlay: Overlay, action: Action): Overlay {
  if (action.type === 'edit' && overlay.kind === 'help') return { ...overlay, filter: action.line, index: 0, top: 0 };
  if (action.type === 'edit' && overlay.kind === 'command') return { ...overlay, line: action.line };
  if (overlay.kind === 'command' && action.type === 'move' && action.by === -1)
    return { ...overlay, line: lineOf(state.lastCommand) };
  if (overlay.kind === 'command' && action.type === 'next-view')
    return { ...overlay, line: lineOf(completed(overlay.line.text)) };
  if (overlay.kind !== 'help' || action.type !== 'move') return overlay;
  return { ...overlay, ...moved(action.by, overlay, rowsOfHelp(state), helpRows(state, overlay.filter.text).length) };
}

function run(state: State, overlay: Overlay & { kind: 'help' | 'command' }, actInView: Act): Step {
  if (overlay.kind === 'command') return runCommand(state, overlay.line.text.trim(), actInView);
  const action = helpRows(state, overlay.filter.text)[overlay.index]?.action;
  return action === undefined ? { state, effects: [] } : actInView(state, action);
}

function runCommand(state: State, typed: string, actInView: Act): Step {
  if (typed === '') return { state, effects: [] };
  const next = { ...state, lastCommand: typed };
  const action = commandAction(typed);
  if (action !== undefined) return actInView(next, action);
  return { state: notify(next, `no command ${typed}; ? lists the keys`, 'warn'), effects: [] };
}
