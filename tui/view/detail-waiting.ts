/** What calls waited for and what was lost, as one line. */

import { durationText, exactText, percentText } from '../cells/format.js';
import type { Session } from '../state/state.js';
import { type Area, type Draw, drawSpans, type Span, span } from './draw.js';
import type { Subject } from './subject.js';

export function drawWaiting(draw: Draw, { f, session }: Subject, area: Area): void {
  const totalNs = Number(f.latency?.sum_ns ?? 0);
  const waiting = [...(f.waiting ?? [])].sort((a, b) => Number(b.total_ns) - Number(a.total_ns));
  const spans = waiting.flatMap((wait): Span[] => [
    span(`  ${wait.reason} `, 'plain'),
    span(totalNs > 0 ? percentText((100 * Number(wait.total_ns)) / totalNs) : durationText(Number(wait.total_ns)), 'strong'),
    span(` (${exactText(Number(wait.count))})`, 'dim'),
  ]);
  const waited = spans.length > 0 ? [span('WAITING', 'title'), ...spans, span('   ')] : [];
  drawSpans(draw, area.x + 2, area.y, [...waited, ...lossSpans(session)], area.width - 3);
}

/** Everything that was not recorded, by its reason; of the whole session. */
function lossSpans({ reading }: Session): Span[] {
  const losses = Object.entries(reading?.snapshot.losses ?? {});
  if (losses.length === 0) return [];
  return [span('LOST', 'title'), ...losses.map(([reason, count]) => span(`  ${reason} ${exactText(Number(count))}`, 'warm'))];
}
