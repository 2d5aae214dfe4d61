/** The whole screen of a state: header, tabs, the view's body, notice, keys. */

import { Grid } from '../cells/grid.js';
import { cellText, cutEnd, wrapText } from '../cells/text.js';
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

/** A fifth of a small screen, so that the rows of the view are not hidden. */
const mostNoticeLines = (rows: number): number => Math.min(3, Math.floor(rows / 5));

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

/** A long notice takes lines of the view above it, but never that of a command being typed. */
function drawNotice(draw: Draw, state: State): void {
  const { noticeY } = layoutOf(state);
  drawRule(draw, noticeY);
  if (state.notice === undefined || state.overlay?.kind === 'command') return;
  const role = state.notice.tone === 'warn' ? 'warm' : 'accent';
  const width = draw.grid.width - 2;
  const all = wrapText(cellText(state.notice.text), width);
  const most = mostNoticeLines(state.rows);
  const lines = all.slice(0, most).map((line, i) => (i + 1 === most && all.length > most ? cutEnd(`${line} …`, width) : line));
  if (lines.length > 1) drawRule(draw, noticeY - lines.length);
  lines.forEach((line, i) => {
    const y = noticeY - lines.length + 1 + i;
    draw.grid.fill(0, y, draw.grid.width, ' ', attr(draw, 'plain'));
    drawSpans(draw, 1, y, [span(line, role)]);
  });
}
