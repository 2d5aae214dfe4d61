/** Moving between views, and the way back. */

import { EMPTY_LINE } from './line-edit.js';
import type { State, View } from './state.js';

const LONGEST_TRAIL = 16;

/** Goes to a view; Esc leads back. */
export function goTo(state: State, view: View): State {
  if (view === state.view) return state;
  return withView({ ...state, trail: [...state.trail, state.view].slice(-LONGEST_TRAIL) }, view);
}

/** One level back: an open filter's text, the filter, then the view before; never out of the program. */
export function goBack(state: State): State {
  const filter = state.filters[state.view];
  if (filter.text !== '') return withFilter(state, { ...EMPTY_LINE, open: filter.open && state.view === 'functions' });
  if (filter.open && state.view !== 'functions') return withFilter(state, { ...EMPTY_LINE, open: false });
  const view = state.trail.at(-1);
  if (view === undefined) return withFilter(state, { ...EMPTY_LINE, open: false });
  return withView(withFilter({ ...state, trail: state.trail.slice(0, -1) }, { ...EMPTY_LINE, open: false }), view);
}

function withView(state: State, view: View): State {
  const filters =
    view === 'functions' ? { ...state.filters, functions: { ...state.filters.functions, open: true } } : state.filters;
  return { ...state, view, filters };
}

const withFilter = (state: State, filter: State['filters'][View]): State => ({
  ...state,
  filters: { ...state.filters, [state.view]: filter },
});
