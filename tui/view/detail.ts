/** Detail of one function: histogram, percentiles over time, heatmap, slowest calls, open calls, waiting. */

import type { SnapshotFunction } from '../../snapshots/document.js';
import { exactText } from '../cells/format.js';
import { cellText, cutName, cutStart } from '../cells/text.js';
import { layoutOf } from '../state/layout.js';
import { selectedKey } from '../state/selection.js';
import { type State, shownSession } from '../state/state.js';
import { drawCalls } from './detail-calls.js';
import { drawHistogram } from './detail-histogram.js';
import { drawHeat, drawPercentiles } from './detail-time.js';
import { drawWaiting } from './detail-waiting.js';
import type { Area, Draw, Span } from './draw.js';
import { drawRule, span } from './draw.js';
import type { Subject } from './subject.js';
import { drawEmpty } from './table.js';

/** Below this a column of the pane cannot be read. */
const NARROWEST_COLUMN = 34;

/** The Detail view: the whole body. */
export function drawDetail(draw: Draw, state: State): void {
  const { titleY, noticeY } = layoutOf(state);
  drawPane(draw, state, { x: 0, y: titleY - 1, width: state.columns, height: noticeY - titleY + 1 });
}

/** The pane in an area whose first line is its rule. */
export function drawPane(draw: Draw, state: State, area: Area): void {
  const subject = subjectOf(state);
  if (subject === undefined) {
    drawRule(draw, area.y);
    drawEmpty(draw, area, 'Nothing measured yet: attach a function first.');
    return;
  }
  drawRule(draw, area.y, titleSpans(subject.f, area.width), balanceSpans(draw, subject.f));
  const inner = { ...area, y: area.y + 1, height: area.height - 1 };
  if (inner.width >= 3 * NARROWEST_COLUMN) drawColumns(draw, subject, inner);
  else drawStacked(draw, subject, inner);
}

function subjectOf(state: State): Subject | undefined {
  const session = shownSession(state);
  const functions = session?.reading?.snapshot.functions ?? [];
  const selected = state.selections[state.view].key ?? selectedKey(state);
  const f = functions.find((candidate) => candidate.name === selected) ?? functions[0];
  return session === undefined || f === undefined ? undefined : { session, f };
}

function titleSpans(f: SnapshotFunction, width: number): Span[] {
  const name = span(cutName(cellText(f.name), Math.floor(width / 2)), 'strong');
  if (f.file === undefined) return [name];
  const where = `${cutStart(cellText(f.file), 30)}${f.line === undefined ? '' : `:${f.line}`}`;
  return [name, span(`  ${where}`, 'dim')];
}

/** The balance that makes the numbers believable: every call is accounted for. */
function balanceSpans(draw: Draw, f: SnapshotFunction): Span[] {
  const parts = Number(f.returns) + Number(f.in_flight) + Number(f.unwound) + Number(f.untracked);
  const untracked = Number(f.untracked) > 0 ? ` + ${exactText(Number(f.untracked))} untracked` : '';
  const text = `${exactText(Number(f.calls))} calls = ${exactText(Number(f.returns))} returned + ${exactText(Number(f.in_flight))} open + ${exactText(Number(f.unwound))} unwound${untracked}`;
  const holds = parts === Number(f.calls);
  return [span(text, 'dim'), span(holds ? ` ${draw.glyphs.check}` : ' does not add up', holds ? 'good' : 'warm')];
}

/** Wide: histogram, over time, calls side by side. */
function drawColumns(draw: Draw, subject: Subject, area: Area): void {
  const left = Math.floor(area.width * 0.34);
  const middle = Math.floor(area.width * 0.33);
  const height = area.height - 1;
  const tall = height >= 18;
  drawHistogram(draw, subject, { ...area, width: left - 2, height });
  const timeHeight = tall ? Math.floor(height / 2) : height;
  drawPercentiles(draw, subject, { x: left, y: area.y, width: middle - 2, height: timeHeight });
  if (tall) drawHeat(draw, subject, { x: left, y: area.y + timeHeight, width: middle - 2, height: height - timeHeight });
  drawCalls(draw, subject, { x: left + middle, y: area.y, width: area.width - left - middle - 1, height });
  drawWaiting(draw, subject, { x: 0, y: area.y + height, width: area.width, height: 1 });
}

/** Narrow: one above the other, the most telling first. */
function drawStacked(draw: Draw, subject: Subject, area: Area): void {
  const height = area.height - 1;
  const histogram = Math.max(4, Math.floor(height * 0.42));
  const time = height - histogram >= 10 ? Math.floor(height * 0.28) : 0;
  drawHistogram(draw, subject, { ...area, height: histogram });
  if (time > 0) drawPercentiles(draw, subject, { ...area, y: area.y + histogram, height: time });
  drawCalls(draw, subject, { ...area, y: area.y + histogram + time, height: height - histogram - time });
  drawWaiting(draw, subject, { x: 0, y: area.y + height, width: area.width, height: 1 });
}
