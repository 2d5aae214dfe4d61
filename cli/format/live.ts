/** A running session: the table that is redrawn, and the lines where it cannot be. Pure. */

import type { TickLineFunction } from '../../snapshots/ledger/tick-line.js';
import type { TickView } from '../attach/tick-view.js';
import { type Column, formatTable } from './table.js';
import { formatCount, formatDuration, formatRate } from './units.js';

const MAX_ROWS = 20;

const COLUMNS: readonly Column[] = [
  { title: 'FUNCTION' },
  ...['CALLS', '/S', 'OPEN', 'UNWOUND', 'P50', 'P95', 'P99', 'MAX'].map((title) => ({ title, align: 'right' as const })),
];

/** The busiest functions, percentiles since the start. */
export function liveTable({ functions, overhead, losses }: TickView): string {
  const shown = busiest(functions);
  const more = functions.length > shown.length ? `and ${functions.length - shown.length} functions with fewer calls\n` : '';
  const lost = Object.entries(losses).map(([reason, count]) => `, lost ${formatCount(count)} (${reason})`);
  const cost = `probes: ${Number(overhead.percent_of_one_cpu).toFixed(2)} % of one CPU${lost.join('')}\n`;
  return `${formatTable(COLUMNS, shown.map(cells))}${more}${cost}`;
}

/** One line a function that was called in this tick, with the tick's percentiles. */
export function liveLines({ at, functions }: TickView): string {
  const called = functions.filter(({ tick }) => tick.calls > 0 || tick.returns > 0);
  if (called.length === 0) return `${at.slice(11, 19)}  no calls\n`;
  return busiest(called)
    .map(
      (row) =>
        `${at.slice(11, 19)}  ${row.name}  calls ${formatCount(row.calls)}  ${formatRate(row.rate_per_s)}/s${percentiles(row)}\n`,
    )
    .join('');
}

function percentiles({ tick }: TickLineFunction): string {
  if (tick.p50_ns === undefined) return '';
  return `  p50 ${formatDuration(tick.p50_ns)}  p95 ${formatDuration(tick.p95_ns)}  p99 ${formatDuration(tick.p99_ns)}  max ${formatDuration(tick.max_ns)}`;
}

const busiest = (functions: readonly TickLineFunction[]): TickLineFunction[] =>
  [...functions].sort((a, b) => Number(b.calls) - Number(a.calls)).slice(0, MAX_ROWS);

function cells(row: TickLineFunction): string[] {
  const { since_start: total } = row;
  return [
    row.name,
    formatCount(row.calls),
    formatRate(row.rate_per_s),
    formatCount(row.in_flight),
    formatCount(row.unwound),
    formatDuration(total.p50_ns),
    formatDuration(total.p95_ns),
    formatDuration(total.p99_ns),
    formatDuration(total.max_ns),
  ];
}
