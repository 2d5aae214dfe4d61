/** Detail of one function: histogram, percentiles over time, heatmap, slowest calls, open calls, waiting. */

import type { SnapshotFunction } from '../../snapshots/document.js';
import { exactText } from '../cells/format.js';
import { cellText, cutName, cutStart } from '../cells/text.js';
import { layoutOf } from '../state/layout.js';
import type { State } from '../state/state.js';
import { type Subject, selectedRefusal, subjectOf } from '../state/subject.js';
import type { LiveRow } from '../tables/live-table.js';
import { drawCalls } from './detail-calls.js';
import { budgetLines, estimatedCallsText, estimateSpans } from './detail-estimate.js';
import { drawHistogram } from './detail-histogram.js';
import { drawHeat, drawPercentiles } from './detail-time.js';
import { lossSpans, waitingSpans } from './detail-waiting.js';
import type { Area, Draw, Span } from './draw.js';
import { drawRule, drawSpans, span } from './draw.js';
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
  const refused = selectedRefusal(state);
  if (refused !== undefined) {
    drawRefusal(draw, refused, area);
    return;
  }
  const subject = subjectOf(state);
  if (subject === undefined) {
    drawRule(draw, area.y);
    drawEmpty(draw, area, 'Nothing measured yet: attach a function first.');
    return;
  }
  drawRule(draw, area.y, titleSpans(subject, area.width), balanceSpans(draw, subject.f));
  const chosen = state.view === 'detail' ? state.selections.detail.key : undefined;
  const remarks = remarksOf(subject, area.width - 3);
  const height = area.height - 1 - remarks.length;
  const inner = { ...area, y: area.y + 1, height };
  if (inner.width >= 3 * NARROWEST_COLUMN) drawColumns(draw, subject, inner, chosen);
  else drawStacked(draw, subject, inner, chosen);
  remarks.forEach((spans, i) => {
    drawSpans(draw, area.x + 2, inner.y + height + i, spans, area.width - 3);
  });
}

/** The whole reason, which a row has no room for, and what to do next. */
function drawRefusal(draw: Draw, { name, refusal, nextStep = '' }: LiveRow, area: Area): void {
  drawRule(draw, area.y, [span(cutName(cellText(name), area.width - 8), 'strong')]);
  drawEmpty(draw, area, `Refused: ${cellText(refusal ?? '')}${nextStep === '' ? '' : `. Next: ${nextStep}.`}`);
}

/** What has to be known to read the figures: how the calls waited, what is estimated, what the budget took away. */
function remarksOf(subject: Subject, width: number): Span[][] {
  const lines = [waitingSpans(subject), estimateSpans(subject.f), ...budgetLines(subject, width), lossSpans(subject.session)];
  return lines.filter((spans) => spans.length > 0);
}

function titleSpans({ f, pid }: Subject, width: number): Span[] {
  const name = span(cutName(cellText(f.name), Math.floor(width / 2)), 'strong');
  if (pid !== undefined) return [name, span(`  in process ${pid}`, 'accent')];
  if (f.file === undefined) return [name];
  const where = cutStart(
    `${cellText(f.file)}${f.line === undefined ? '' : `:${f.line}`}`,
    Math.min(34, width - name.text.length - 8),
  );
  return [name, span(`  ${where}`, 'dim')];
}

/** The balance that makes the numbers believable: every call is accounted for. */
function balanceSpans(draw: Draw, f: SnapshotFunction): Span[] {
  if (f.calls_estimated) return [span(estimatedCallsText(f), 'warm')];
  const parts = Number(f.returns) + Number(f.in_flight) + Number(f.unwound) + Number(f.untracked);
  const untracked = Number(f.untracked) > 0 ? ` + ${exactText(Number(f.untracked))} untracked` : '';
  const text = `${exactText(Number(f.calls))} calls = ${exactText(Number(f.returns))} returned + ${exactText(Number(f.in_flight))} open + ${exactText(Number(f.unwound))} unwound${untracked}`;
  const holds = parts === Number(f.calls);
  return [span(text, 'dim'), span(holds ? ` ${draw.glyphs.check}` : ' does not add up', holds ? 'good' : 'warm')];
}

/** Shares of the width for histogram and time; the calls have the rest. */
const WITHOUT_VALUES = [0.34, 0.33] as const;
const WITH_VALUES = [0.27, 0.27] as const;

/** Wide: histogram, over time, calls side by side. */
function drawColumns(draw: Draw, subject: Subject, area: Area, chosen: string | undefined): void {
  const [left, middle] = (subject.session.wishes.captureValues ? WITH_VALUES : WITHOUT_VALUES).map((share) =>
    Math.floor(area.width * share),
  ) as [number, number];
  const { height } = area;
  const tall = height >= 18;
  drawHistogram(draw, subject, { ...area, width: left - 2, height });
  const timeHeight = tall ? Math.floor(height / 2) : height;
  drawPercentiles(draw, subject, { x: left, y: area.y, width: middle - 2, height: timeHeight });
  if (tall) drawHeat(draw, subject, { x: left, y: area.y + timeHeight, width: middle - 2, height: height - timeHeight });
  drawCalls(draw, subject, { x: left + middle, y: area.y, width: area.width - left - middle - 1, height }, chosen);
}

/** Narrow: one above the other, the most telling first. */
function drawStacked(draw: Draw, subject: Subject, area: Area, chosen: string | undefined): void {
  const { height } = area;
  const histogram = Math.max(4, Math.floor(height * 0.42));
  const time = height - histogram >= 10 ? Math.floor(height * 0.28) : 0;
  drawHistogram(draw, subject, { ...area, height: histogram });
  if (time > 0) drawPercentiles(draw, subject, { ...area, y: area.y + histogram, height: time });
  drawCalls(draw, subject, { ...area, y: area.y + histogram + time, height: height - histogram - time }, chosen);
}
