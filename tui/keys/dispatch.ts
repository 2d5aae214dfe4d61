/** A key to an action, under the state it was pressed in. */

import type { Action } from '../state/action.js';
import { layoutOf } from '../state/layout.js';
import { editLine, insertText } from '../state/line-edit.js';
import type { State } from '../state/state.js';
import type { Input, Key } from './key.js';
import { BINDINGS } from './table.js';

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
      return clickAction(state, input.y);
  }
}

function keyAction(state: State, key: Key): Action | undefined {
  const line = typingLine(state);
  const bound = BINDINGS.find(
    (binding) =>
      binding.keys.includes(key.name) &&
      (binding.views?.includes(state.view) ?? true) &&
      (line === undefined || binding.inFilter),
  );
  if (bound !== undefined) return bound.action;
  const edited = line === undefined ? undefined : editLine(line, key);
  return edited === undefined ? undefined : { type: 'edit', line: edited };
}

/** Pasted text is typed, never obeyed: with no line open it does nothing. */
function pasteAction(state: State, text: string): Action | undefined {
  const line = typingLine(state);
  return line === undefined ? undefined : { type: 'edit', line: insertText(line, text) };
}

function clickAction(state: State, y: number): Action | undefined {
  const { bodyY, bodyRows } = layoutOf(state);
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
