/** The filter above a table: what is typed, how many rows fit, what the signs mean. */

import { exactText } from '../cells/format.js';
import { cellsBefore, cellText, cutStart } from '../cells/text.js';
import { parseQuery } from '../search/query.js';
import { layoutOf } from '../state/layout.js';
import type { LineEdit } from '../state/line-edit.js';
import { currentList } from '../state/list.js';
import type { State } from '../state/state.js';
import { attr, type Draw, drawRule, drawSpans, type Span, span, widthOf } from './draw.js';

/** Draws the filter line and the rule below it. */
export function drawFilter(draw: Draw, state: State): void {
  const y = layoutOf(state).filterY ?? 3;
  const right = rightSpans(draw, state);
  const rightWidth = widthOf(right) + 1;
  drawSpans(draw, draw.grid.width - rightWidth, y, right);
  drawSpans(draw, 1, y, [span('/ ', 'accent')]);
  drawLine(draw, 3, y, state.filters[state.view], draw.grid.width - rightWidth - 6, state.filters[state.view].open);
  drawRule(draw, y + 1);
}

/** A line being typed, with its cursor; the end stays in sight. */
export function drawLine(draw: Draw, x: number, y: number, line: LineEdit, width: number, cursor: boolean): void {
  const whole = cellText(line.text);
  const text = cutStart(whole, Math.max(1, width - 1));
  draw.grid.text(x, y, text, attr(draw, 'strong'), width);
  if (!cursor) return;
  const at = Math.max(0, Math.min(text.length, cellsBefore(line.text, line.cursor) - (whole.length - text.length)));
  if (at === text.length) draw.grid.put(x + at, y, ' ', attr(draw, 'cursor'));
  else draw.grid.tint(x + at, y, 1, attr(draw, 'cursor'));
}

function rightSpans(draw: Draw, state: State): Span[] {
  const error = (state.view === 'functions' ? state.functions?.hits?.query : parseQuery(state.filters[state.view].text))?.error;
  if (error !== undefined) return [span(cellText(error), 'warm')];
  const signs = draw.grid.width >= 96 ? [span("   fuzzy   ' exact   ! not   ~ regex", 'dim')] : [];
  return [span(countText(state), 'plain'), ...signs];
}

function countText(state: State): string {
  if (state.view !== 'functions') return `${exactText(currentList(state).count)} shown`;
  const { index, hits } = state.functions ?? {};
  if (index === undefined) return '';
  return hits === undefined ? 'searching…' : `${exactText(hits.total)} of ${exactText(index.names.length)}`;
}
