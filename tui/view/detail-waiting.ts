/** What calls waited for, as one line. */

import { durationText, exactText, percentText } from '../cells/format.js';
import type { Subject } from './detail.js';
import { type Area, type Draw, drawSpans, type Span, span } from './draw.js';

export function drawWaiting(draw: Draw, { f }: Subject, area: Area): void {
  const totalNs = Number(f.latency?.sum_ns ?? 0);
  const waiting = [...(f.waiting ?? [])].sort((a, b) => Number(b.total_ns) - Number(a.total_ns));
  const spans = waiting.flatMap((wait): Span[] => [
    span(`  ${wait.reason} `, 'plain'),
    span(totalNs > 0 ? percentText((100 * Number(wait.total_ns)) / totalNs) : durationText(Number(wait.total_ns)), 'strong'),
    span(` (${exactText(Number(wait.count))})`, 'dim'),
  ]);
  if (spans.length > 0) drawSpans(draw, area.x + 2, area.y, [span('WAITING', 'title'), ...spans], area.width - 3);
}
