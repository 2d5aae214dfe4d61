/** `?` and `:` over the view. */

import { cellText } from '../cells/text.js';
import { completions, usageOf } from '../keys/commands.js';
import { helpRows, keyText } from '../keys/help-rows.js';
import type { Binding } from '../keys/table.js';
import { columnsOfSheet, HELP_Y, layoutOf, rowsOfHelp, rowsOfSheet, SHEET_Y } from '../state/layout.js';
import { topFor } from '../state/move.js';
import type { Overlay, State } from '../state/state.js';
import { callSheet } from '../tables/call-sheet.js';
import { attr, type Draw, drawRule, drawSpans, span } from './draw.js';
import { drawLine } from './filter-line.js';

export function drawOverlay(draw: Draw, state: State, overlay: Overlay): void {
  if (overlay.kind === 'call') drawSheet(draw, state, overlay);
  else if (overlay.kind === 'help') drawHelp(draw, state, overlay);
  else drawCommand(draw, state, overlay);
}

function drawHelp(draw: Draw, state: State, overlay: Overlay & { kind: 'help' }): void {
  const { noticeY } = layoutOf(state);
  for (let y = 3; y < noticeY; y++) draw.grid.fill(0, y, state.columns, ' ', attr(draw, 'plain'));
  const rows = helpRows(state, overlay.filter.text);
  const height = rowsOfHelp(state);
  const top = topFor(overlay.top, overlay.index, rows.length, height);
  const part = rows.length > height ? `${top + 1} to ${Math.min(rows.length, top + height)} of ${rows.length}` : '';
  drawSpans(draw, 1, 3, [span('? ', 'accent')]);
  drawLine(draw, 3, 3, overlay.filter, state.columns - PART - 4, true);
  drawSpans(draw, state.columns - part.length - 1, 3, [span(part)]);
  drawRule(draw, 4, [span(`keys in ${state.view}; type to search, Enter runs one`, 'dim')]);
  if (rows.length === 0) drawSpans(draw, 2, HELP_Y, [span('No key fits. Backspace widens; Esc closes.', 'dim')]);
  const [keys, label] = columnsOfHelp(state);
  rows.slice(top, top + height).forEach((binding, i) => {
    const selected = top + i === overlay.index;
    if (selected) draw.grid.text(0, HELP_Y + i, draw.glyphs.marker, attr(draw, 'accent'));
    drawSpans(draw, 2, HELP_Y + i, [
      span(keysText(binding).padEnd(keys), 'key'),
      span(binding.label.padEnd(label), selected ? 'selected' : 'plain'),
      span(binding.help, 'dim'),
    ]);
  });
}

/** Room for `12 to 34 of 56`. */
const PART = 14;
const keysText = ({ keys }: Binding): string => keys.map(keyText).join(' ');

/** As wide as the view's longest keys and names, whatever is typed. */
function columnsOfHelp(state: State): [number, number] {
  const widest = (text: (binding: Binding) => string): number =>
    Math.max(...helpRows(state, '').map((binding) => text(binding).length)) + 2;
  return [widest(keysText), widest(({ label }) => label)];
}

/** A call by itself, over the view. */
function drawSheet(draw: Draw, state: State, overlay: Overlay & { kind: 'call' }): void {
  const { noticeY } = layoutOf(state);
  for (let y = SHEET_Y; y < noticeY; y++) draw.grid.fill(0, y, state.columns, ' ', attr(draw, 'plain'));
  drawRule(draw, 2, [span(SHEET_TITLES[overlay.call.section], 'strong')]);
  const lines = callSheet(overlay.call, columnsOfSheet(state));
  lines.slice(overlay.top, overlay.top + rowsOfSheet(state)).forEach((cells, i) => {
    drawSpans(
      draw,
      2,
      SHEET_Y + i,
      cells.map(({ text, role }) => span(text, role)),
      columnsOfSheet(state),
    );
  });
}

const SHEET_TITLES = { slowest: 'one of the slowest calls', shown: 'a call shown singly', open: 'a call that was open' } as const;

/** Most commands are no longer, so that what stands beside them stands still. */
const NARROWEST_COMMAND = 10;

function drawCommand(draw: Draw, state: State, overlay: Overlay & { kind: 'command' }): void {
  const y = layoutOf(state).noticeY - 1;
  draw.grid.fill(0, y, state.columns, ' ', attr(draw, 'plain'));
  drawSpans(draw, 1, y, [span(':', 'accent')]);
  const usage = usageOf(overlay.line.text) ?? completions(overlay.line.text).join('  ');
  const typed = Math.max(NARROWEST_COMMAND, cellText(overlay.line.text).length + 2);
  drawLine(draw, 2, y, overlay.line, Math.min(typed, state.columns - 3), true);
  drawSpans(draw, typed + 4, y, [span(usage, 'dim')]);
}
