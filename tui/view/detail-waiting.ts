/** What calls waited for, and what was lost: a line each. */

import { durationText, exactText, percentText } from '../cells/format.js';
import type { Session } from '../state/state.js';
import type { Subject } from '../state/subject.js';
import { type Span, span } from './draw.js';

/** Shares of the calls' time, the rest of it as running; durations where the shares would not add up. */
export function waitingSpans({ f, session }: Subject): Span[] {
  const waiting = [...(f.waiting ?? [])].sort((a, b) => Number(b.total_ns) - Number(a.total_ns));
  if (waiting.length === 0) return [];
  const waitedNs = waiting.reduce((sum, wait) => sum + Number(wait.total_ns), 0);
  const totalNs = Number(f.latency?.sum_ns ?? 0) + openNs(f.name, session);
  const adds = waitedNs <= totalNs;
  const spans = waiting.flatMap((wait): Span[] => [
    span(`  ${wait.reason} `, 'plain'),
    span(adds ? percentText((100 * Number(wait.total_ns)) / totalNs) : durationText(Number(wait.total_ns)), 'strong'),
    span(` (${exactText(Number(wait.count))})`, 'dim'),
  ]);
  const running = adds ? [span('  running '), span(percentText((100 * (totalNs - waitedNs)) / totalNs), 'strong')] : [];
  return [span('WAITING', 'title'), ...spans, ...running];
}

/** Waits of calls that are still open count up to now, and so do these. */
function openNs(name: string, { reading }: Session): number {
  const open = (reading?.snapshot.open_calls ?? []).filter((call) => call.function === name);
  return open.reduce((sum, call) => sum + Number(call.age_ns), 0);
}

/** Everything that was not recorded, by its reason; of the whole session. */
export function lossSpans({ reading }: Session): Span[] {
  const losses = Object.entries(reading?.snapshot.losses ?? {});
  if (losses.length === 0) return [];
  return [span('LOST', 'title'), ...losses.map(([reason, count]) => span(`  ${reason} ${exactText(Number(count))}`, 'warm'))];
}
