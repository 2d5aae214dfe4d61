/** A session's document as a person reads it. Pure. */

import { NO_TEXT_LEFT } from '../../proto/text-verdict.js';
import type { Snapshot, SnapshotFunction } from '../../snapshots/document.js';
import { callText } from './calls.js';
import { refusalsText } from './plans.js';
import { type Column, formatTable, printable, printableLines } from './table.js';
import { formatCount, formatDuration } from './units.js';

const MAX_SLOW_SHOWN = 5;
/** Up to this many functions each has its row. */
const MAX_WITH_SILENT = 10;

/** Everything worth a line: functions, slowest calls, losses, refusals, what the probes cost. */
export function resultsText(snapshot: Snapshot): string {
  const parts = [functionsTable(snapshot.functions), slowestText(snapshot), openText(snapshot), footText(snapshot)];
  return printableLines(parts.filter((part) => part !== '').join('\n'));
}

const COLUMNS: readonly Column[] = [
  { title: 'FUNCTION' },
  ...['CALLS', 'RETURNS', 'OPEN', 'UNWOUND', 'P50', 'P95', 'P99', 'MAX'].map((title) => ({ title, align: 'right' as const })),
];

/** One row a function; `~` marks estimates. Of many functions those that were not called share a line. */
export function functionsTable(functions: readonly SnapshotFunction[]): string {
  const isSilent = ({ calls, joined_mid_call }: SnapshotFunction): boolean =>
    Number(calls) === 0 && Number(joined_mid_call) === 0;
  const silent = functions.length > MAX_WITH_SILENT ? functions.filter(isSilent) : [];
  const table = formatTable(COLUMNS, functions.filter((row) => !silent.includes(row)).map(functionCells));
  return silent.length === 0 ? table : `${table}No calls: ${silent.map(({ name }) => printable(name)).join(', ')}\n`;
}

function functionCells(row: SnapshotFunction): string[] {
  const mark = row.latency?.estimated ? '~' : '';
  const duration = (ns: number | string | undefined): string => (ns === undefined ? '-' : `${mark}${formatDuration(ns)}`);
  const { latency } = row;
  return [
    row.name,
    `${row.calls_estimated ? '~' : ''}${formatCount(row.calls)}`,
    formatCount(row.returns),
    formatCount(row.in_flight),
    formatCount(row.unwound),
    duration(latency?.p50_ns),
    duration(latency?.p95_ns),
    duration(latency?.p99_ns),
    duration(latency?.max_ns),
  ];
}

function slowestText({ slow_calls }: Snapshot): string {
  if (slow_calls.length === 0) return '';
  const slowest = [...slow_calls].sort((a, b) => Number(b.duration_ns) - Number(a.duration_ns)).slice(0, MAX_SLOW_SHOWN);
  return `Slowest calls\n${slowest.map((call) => `  ${callText(call)}\n`).join('')}`;
}

function openText({ open_calls }: Snapshot): string {
  const oldest = [...open_calls].sort((a, b) => Number(b.age_ns) - Number(a.age_ns)).slice(0, MAX_SLOW_SHOWN);
  if (oldest.length === 0) return '';
  const line = (call: Snapshot['open_calls'][number]): string => {
    const whose = call.goroutine === undefined ? `thread ${call.thread}` : `goroutine ${call.goroutine}`;
    return `  ${formatDuration(call.age_ns).padStart(7)}  ${call.function}  ${whose}${call.waiting ? `  waiting: ${call.waiting}` : ''}\n`;
  };
  return `Open calls\n${oldest.map(line).join('')}`;
}

function footText(snapshot: Snapshot): string {
  const { session_id, service, pids, duration_ns, end_reason, overhead } = snapshot;
  const untracked = snapshot.functions.filter((row) => Number(row.untracked) > 0);
  return [
    refusalsText(snapshot.refused),
    ...untracked.map((row) => `untracked: ${formatCount(row.untracked)} calls of ${row.name} (counted, not timed)\n`),
    ...Object.entries(snapshot.losses).map(([reason, count]) => `lost: ${formatCount(count)} (${reason})\n`),
    ...overhead.steps.map((step) => `budget: ${step.message}\n`),
    `Session ${session_id} on ${service} (pid ${pids.join(', ')}) ran ${formatDuration(duration_ns)}, ${endText(end_reason)}.\n`,
    probesText(overhead),
    textVerified(snapshot),
  ].join('');
}

function probesText(overhead: Snapshot['overhead']): string {
  const { hits, waiting_hits: waiting, percent_of_one_cpu: ofCpu, percent_of_target: ofTarget } = overhead;
  const forWaiting = waiting === undefined ? '' : ` (${formatCount(waiting)} to measure waiting)`;
  const share = ofTarget === undefined ? '' : `, ${percent(ofTarget)} of the target`;
  return `Probes: ${formatCount(hits)} hits${forWaiting}, ${percent(ofCpu)} of one CPU${share}.\n`;
}

const END_TEXT: Readonly<Record<string, string>> = {
  expired: 'to its end',
  detached: 'until it was detached',
  interrupted: 'until it was interrupted',
  target_exited: 'until the target exited',
  budget: 'until its budget was spent',
  agent_lost: 'until its agent was lost',
};

const endText = (reason: string | undefined): string => (reason === undefined ? 'and runs on' : (END_TEXT[reason] ?? reason));

const percent = (value: number): string => `${value.toFixed(2)} %`;

function textVerified({ text_verified, text_detail }: Snapshot): string {
  if (text_verified === undefined) return '';
  if (text_verified) return "The target's text equals its file again.\n";
  if (text_detail === NO_TEXT_LEFT) return `The target's text was not compared: ${text_detail}.\n`;
  return `WARNING: the target's text differs from its file: ${text_detail ?? ''}\n`;
}
