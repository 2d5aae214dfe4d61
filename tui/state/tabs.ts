/** The tabs' words and places: drawn by the view, clicked on by the mouse. */

import { VIEWS, type View } from './state.js';

/** The screen's row of the tabs. */
export const TABS_Y = 1;

/** Narrower screens get the short names. */
const COLUMNS_FOR_LONG_NAMES = 84;

const NAMES: Record<View, { readonly long: string; readonly short: string }> = {
  services: { long: 'Services', short: 'Svc' },
  functions: { long: 'Functions', short: 'Fn' },
  live: { long: 'Live', short: 'Live' },
  detail: { long: 'Detail', short: 'Detail' },
  tree: { long: 'Tree', short: 'Tree' },
  history: { long: 'History', short: 'Hist' },
  sessions: { long: 'Sessions', short: 'Sess' },
};

/** The words of each tab, left to right; one cell is left free on both sides of each. */
export function tabTexts(columns: number): readonly { readonly view: View; readonly text: string }[] {
  const size = columns >= COLUMNS_FOR_LONG_NAMES ? 'long' : 'short';
  return VIEWS.map((view, i) => ({ view, text: `${i + 1} ${NAMES[view][size]}` }));
}

/** The tab at a column. */
export function tabAt(columns: number, x: number): View | undefined {
  let end = 0;
  return tabTexts(columns).find(({ text }) => {
    end += text.length + 2;
    return x < end;
  })?.view;
}
