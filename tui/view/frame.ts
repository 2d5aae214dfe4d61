/** The whole screen of a state: header, tabs, the view's body, notice, keys. */

import { Grid } from '../cells/grid.js';
import { cellText, cutEnd } from '../cells/text.js';
import { layoutOf, SMALLEST } from '../state/layout.js';
import type { State, View } from '../state/state.js';
import { drawDetail } from './detail.js';
import { attr, type Draw, drawRule, drawSpans, type Look, span } from './draw.js';
import { drawFilter } from './filter-line.js';
import { drawFooter } from './footer.js';
import { drawFunctions } from './functions.js';
import { drawHeader } from './header.js';
import { drawLive } from './live.js';
import { drawOverlay } from './overlay.js';
import { drawServices } from './services.js';
import { drawHistory, drawSessions } from './sessions.js';
import { drawTabs } from './tabs.js';
import { drawTree } from './tree.js';

const BODIES: Record<View, (draw: Draw, state: State) => void> = {
  services: drawServices,
  functions: drawFunctions,
  live: drawLive,
  detail: drawDetail,
  tree: drawTree,
  history: drawHistory,
  sessions: drawSessions,
};

/** Draws a state into cells. */
export function frameOf(state: State, look: Look): Grid {
  const grid = new Grid(state.columns, state.rows, look.glyphs.name === 'ascii');
  const draw = { ...look, grid };
  if (state.columns < SMALLEST.columns || state.rows < SMALLEST.rows) return tooSmall(draw, state);
  drawHeader(draw, state);
  drawTabs(draw, state);
  drawRule(draw, 2);
  if (layoutOf(state).filterY !== undefined) drawFilter(draw, state);
  BODIES[state.view](draw, state);
  if (state.overlay !== undefined) drawOverlay(draw, state, state.overlay);
  drawNotice(draw, state);
  drawFooter(draw, state);
  return grid;
}

function tooSmall(draw: Draw, state: State): Grid {
  const text = `too small: ${state.columns}x${state.rows}, need ${SMALLEST.columns}x${SMALLEST.rows}`;
  drawSpans(draw, 0, Math.floor(state.rows / 2), [span(text, 'warm')]);
  return draw.grid;
}

function drawNotice(draw: Draw, state: State): void {
  const { noticeY } = layoutOf(state);
  drawRule(draw, noticeY);
  if (state.notice === undefined) return;
  draw.grid.fill(0, noticeY, draw.grid.width, ' ', attr(draw, 'plain'));
  drawSpans(draw, 1, noticeY, [
    span(cutEnd(cellText(state.notice.text), draw.grid.width - 2), state.notice.tone === 'warn' ? 'warm' : 'accent'),
  ]);
}
