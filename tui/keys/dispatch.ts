/** A key to an action, under the state it was pressed in. */

import type { Action } from '../state/action.js';
import { layoutOf } from '../state/layout.js';
import { editLine, insertText } from '../state/line-edit.js';
import type { State } from '../state/state.js';
import { TABS_Y, tabAt } from '../state/tabs.js';
import type { Input, Key } from './key.js';
import { bindingsOf } from './table.js';

/** What an input means now; undefined when nothing. */
export function actionOf(state: State, input: Input): Action | undefined {
  switch (input.kind) {
    case 'key':
      return keyAction(state, input.key);
    case 'paste':
      return pasteAction(state, input.text);
    case 'wheel':
      return { type: 'move', by: input.by };
    case 'click':
      return clickAction(state, input.x, input.y);
  }
}

/** While a line is open, what types or edits goes there; every other key means what it always does. */
function keyAction(state: State, key: Key): Action | undefined {
  const line = typingLine(state);
  const edited = line === undefined || movesList(state, key) ? undefined : editLine(line, key);
  if (edited !== undefined) return { type: 'edit', line: edited };
  return bindingsOf(state.view).find((binding) => binding.keys.includes(key.name))?.action;
}

/** In `?` these go through the list; Ctrl-A and Ctrl-E are there for the line. */
const movesList = ({ overlay }: State, { name }: Key): boolean => overlay?.kind === 'help' && (name === 'home' || name === 'end');

/** Pasted text is typed, never obeyed: with no line open it does nothing. */
function pasteAction(state: State, text: string): Action | undefined {
  const line = typingLine(state);
  return line === undefined ? undefined : { type: 'edit', line: insertText(line, text) };
}

function clickAction(state: State, x: number, y: number): Action | undefined {
  const view = y === TABS_Y ? tabAt(state, x) : undefined;
  if (view !== undefined) return { type: 'view', view };
  const { bodyY, bodyRows } = layoutOf(state);
  if (state.view === 'detail' || state.overlay !== undefined) return undefined;
  if (y < bodyY || y >= bodyY + bodyRows) return undefined;
  return { type: 'select', index: state.selections[state.view].top + y - bodyY };
}

/** The line that takes letters, if one is open. */
export function typingLine(state: State): { text: string; cursor: number } | undefined {
  if (state.overlay?.kind === 'help') return state.overlay.filter;
  if (state.overlay?.kind === 'command') return state.overlay.line;
  const filter = state.filters[state.view];
  return filter.open ? filter : undefined;
}
