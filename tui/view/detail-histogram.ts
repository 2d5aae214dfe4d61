/** The latency histogram: a bar a band, with the percentiles at the bands they fall into. */

import type { Latency } from '../../snapshots/document.js';
import { durationText, exactText } from '../cells/format.js';
import { bar } from '../charts/bar.js';
import { type HistogramRow, histogramRows } from '../charts/histogram.js';
import type { Subject } from '../state/subject.js';
import { type Area, attr, type Draw, drawSpans, span } from './draw.js';

const LABEL = 8;
const MARK = 12;

export function drawHistogram(draw: Draw, { f }: Subject, area: Area): void {
  const { latency } = f;
  const ended = Number(latency?.count ?? 0);
  const estimated = latency?.estimated ? ', estimated' : '';
  drawSpans(draw, area.x + 2, area.y, [span(`LATENCY, ${exactText(ended)} calls${estimated}`, 'title')], area.width - 2);
  if (latency === undefined || ended === 0) {
    draw.grid.text(area.x + 2, area.y + 1, 'no call has ended yet', attr(draw, 'dim'), area.width - 2);
    return;
  }
  const rows = histogramRows(latency, area.height - 1);
  const most = Math.max(1, ...rows.map((row) => row.count));
  rows.forEach((row, i) => {
    drawBand(draw, area, area.y + 1 + i, row, most, latency);
  });
}

function drawBand(draw: Draw, area: Area, y: number, row: HistogramRow, most: number, latency: Latency): void {
  const x = area.x + 2;
  draw.grid.text(x, y, labelOf(row).padStart(LABEL - 1), attr(draw, 'dim'));
  const width = Math.max(1, area.width - LABEL - MARK - 3);
  const end = draw.grid.text(x + LABEL, y, bar(row.count / most, width, draw.glyphs.bar), attr(draw, 'bar'));
  const marks = percentilesIn(row, latency);
  if (marks !== '') draw.grid.text(end + 1, y, marks, attr(draw, 'strong'), area.x + area.width - end - 1);
}

/** The lower bound; of outliers below, the upper one. */
const labelOf = (row: HistogramRow): string =>
  row.outliers === 'below'
    ? `<${durationText(row.upperNs)}`
    : `${row.outliers === 'above' ? '>' : ''}${durationText(row.lowerNs)}`;

/** The percentiles whose value lies in the band. */
function percentilesIn(row: HistogramRow, latency: Latency): string {
  const marks = [
    ['P50', latency.p50_ns],
    ['P95', latency.p95_ns],
    ['P99', latency.p99_ns],
    ['max', latency.max_ns],
  ] as const;
  return marks
    .filter(([, value]) => Number(value) >= row.lowerNs && Number(value) < row.upperNs)
    .map(([name]) => name)
    .join(' ');
}
