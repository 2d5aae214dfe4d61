/** The second line: the views and their numbers; the current one stands out. */

import type { State } from '../state/state.js';
import { TABS_Y, tabTexts } from '../state/tabs.js';
import { type Draw, drawSpans, type Span, span } from './draw.js';

/** Draws the tabs. */
export function drawTabs(draw: Draw, state: State): void {
  let x = 0;
  for (const { view, text } of tabTexts(state)) x = drawSpans(draw, x, TABS_Y, tab(draw, text, view === state.view));
}

function tab(draw: Draw, text: string, current: boolean): Span[] {
  if (!current) return [span(' '), span(text, 'dim'), span(' ')];
  if (draw.glyphs.name === 'ascii') return [span(`[${text}]`, 'selected')];
  return [span(draw.glyphs.tabLeft, 'accent'), span(text, 'tab'), span(draw.glyphs.tabRight, 'accent')];
}
