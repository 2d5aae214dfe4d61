/** The selection follows an identity while rows come, go and change places. */

import { layoutOf } from './layout.js';
import { currentList, type List } from './list.js';
import { type Move, moved, topFor } from './move.js';
import type { Selection, State } from './state.js';

/** Puts the current view's selection back on its row and scrolls so that it is seen. */
export function settleSelection(state: State): State {
  const before = state.selections[state.view];
  const list = currentList(state);
  const index = indexOf(list, before);
  const after: Selection = {
    ...keyPart(list.keyAt(index)),
    index,
    top: topFor(before.top, index, list.count, layoutOf(state).bodyRows),
  };
  return sameSelection(before, after) ? state : withSelection(state, after);
}

/** Selects the row at an index, clamped. */
export function selectIndex(state: State, index: number): State {
  const list = currentList(state);
  const clamped = Math.max(0, Math.min(list.count - 1, index));
  return settleSelection(
    withSelection(state, { ...keyPart(list.keyAt(clamped)), index: clamped, top: state.selections[state.view].top }),
  );
}

/** Selects the row that a step leads to. */
export function moveSelection(state: State, by: Move): State {
  const place = moved(by, state.selections[state.view], layoutOf(state).bodyRows, currentList(state).count);
  return settleSelection(withSelection(state, { ...keyPart(currentList(state).keyAt(place.index)), ...place }));
}

/** Selects the first row: after the filter changed, the best hit. */
export function selectFirst(state: State): State {
  return settleSelection(withSelection(state, { index: 0, top: 0 }));
}

/** The identity of the selected row. */
export const selectedKey = (state: State): string | undefined => state.selections[state.view].key;

const keyPart = (key: string | undefined): { key?: string } => (key === undefined ? {} : { key });

const withSelection = (state: State, selection: Selection): State => ({
  ...state,
  selections: { ...state.selections, [state.view]: selection },
});

function indexOf(list: List, selection: Selection): number {
  const clamped = Math.max(0, Math.min(list.count - 1, selection.index));
  if (selection.key === undefined || list.keyAt(clamped) === selection.key) return clamped;
  for (let i = 0; i < list.count; i++) if (list.keyAt(i) === selection.key) return i;
  return clamped;
}

const sameSelection = (a: Selection, b: Selection): boolean => a.key === b.key && a.index === b.index && a.top === b.top;
