/** The tabs' words and places: drawn by the view, clicked on by the mouse. */

import { type State, VIEWS, type View } from './state.js';

/** The screen's row of the tabs. */
export const TABS_Y = 1;

/** Narrower screens get the short names, still narrower ones that of the current view only: its tab is always seen. */
const COLUMNS_FOR_LONG_NAMES = 84;
const COLUMNS_FOR_SHORT_NAMES = 56;

const NAMES: Record<View, { readonly long: string; readonly short: string }> = {
  services: { long: 'Services', short: 'Svc' },
  functions: { long: 'Functions', short: 'Fn' },
  live: { long: 'Live', short: 'Live' },
  detail: { long: 'Detail', short: 'Detail' },
  tree: { long: 'Tree', short: 'Tree' },
  history: { long: 'History', short: 'Hist' },
  sessions: { long: 'Sessions', short: 'Sess' },
};

interface Tab {
  readonly view: View;
  readonly text: string;
}

/** The words of each tab, left to right; one cell is left free on both sides of each. */
export function tabTexts({ columns, view: current }: Pick<State, 'columns' | 'view'>): readonly Tab[] {
  const size = columns >= COLUMNS_FOR_LONG_NAMES ? 'long' : 'short';
  const named = (view: View): boolean => columns >= COLUMNS_FOR_SHORT_NAMES || view === current;
  return VIEWS.map((view, i) => ({ view, text: named(view) ? `${i + 1} ${NAMES[view][size]}` : `${i + 1}` }));
}

/** The tab at a column. */
export function tabAt(state: Pick<State, 'columns' | 'view'>, x: number): View | undefined {
  let end = 0;
  return tabTexts(state).find(({ text }) => {
    end += text.length + 2;
    return x < end;
  })?.view;
}
