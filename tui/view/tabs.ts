/** The second line: the views and their numbers; the current one stands out. */

import { type State, VIEWS, type View } from '../state/state.js';
import { type Draw, drawSpans, type Span, span } from './draw.js';

const NAMES: Record<View, { readonly long: string; readonly short: string }> = {
  services: { long: 'Services', short: 'Svc' },
  functions: { long: 'Functions', short: 'Fn' },
  live: { long: 'Live', short: 'Live' },
  detail: { long: 'Detail', short: 'Detail' },
  tree: { long: 'Tree', short: 'Tree' },
  history: { long: 'History', short: 'Hist' },
  sessions: { long: 'Sessions', short: 'Sess' },
};

/** Draws the tabs. */
export function drawTabs(draw: Draw, state: State): void {
  const size = draw.grid.width >= 84 ? 'long' : 'short';
  VIEWS.reduce((x, view, i) => {
    const text = `${i + 1} ${NAMES[view][size]}`;
    return drawSpans(draw, x, 1, tab(draw, text, view === state.view));
  }, 0);
}

function tab(draw: Draw, text: string, current: boolean): Span[] {
  if (!current) return [span(' '), span(text, 'dim'), span(' ')];
  return draw.glyphs.name === 'ascii'
    ? [span(`[${text}]`, 'selected')]
    : [span('▐', 'accent'), span(text, 'tab'), span('▌', 'accent')];
}
