/** What is estimated about a function, how well, and which step of the budget made it so. */

import type { Snapshot, SnapshotFunction } from '../../snapshots/document.js';
import { durationText, exactText } from '../cells/format.js';
import { cellText, wrapText } from '../cells/text.js';
import { quantileInterval } from '../charts/quantile-interval.js';
import type { Subject } from '../state/subject.js';
import { type Span, span } from './draw.js';

type SnapshotStep = Snapshot['overhead']['steps'][number];

const QUANTILES = [
  ['P50', 0.5],
  ['P95', 0.95],
  ['P99', 0.99],
] as const;

/** `~1,204,000 calls, ±3,100 (95 %)`: counted in windows only, so that no balance can hold. */
export function estimatedCallsText(f: SnapshotFunction): string {
  const error = f.calls_error === undefined ? '' : `, ±${exactText(Number(f.calls_error))} (95 %)`;
  return `~${exactText(Number(f.calls))} calls${error}`;
}

/** The interval of each estimated percentile, and of how many calls it comes. */
export function estimateSpans({ latency, calls, calls_estimated }: SnapshotFunction): Span[] {
  if (!latency?.estimated) return [];
  const intervals = QUANTILES.flatMap(([name, quantile]): Span[] => {
    const [low, high] = quantileInterval(latency, quantile) ?? [];
    if (low === undefined) return [];
    return [span(`  ${name} `), span(`~${durationText(low)} to ${durationText(high)}`, 'strong')];
  });
  const of = `  95 %, from ${exactText(Number(latency.count))} of ${calls_estimated ? '~' : ''}${exactText(Number(calls))} calls`;
  return [span('ESTIMATED', 'title'), ...intervals, span(of, 'dim')];
}

/** Steps without a name are of functions that share their windows, or of the waiting. */
const isOf = (step: SnapshotStep, f: SnapshotFunction): boolean =>
  step.function === f.name || (!step.function && f.latency?.estimated === true && step.code !== 'BUDGET_WAITING_OFF');

/** The last thing that the budget did to this function, alone or with others. */
export function budgetLines({ f, session }: Subject, width: number): Span[][] {
  const step = session.reading?.snapshot.overhead.steps.filter((one) => isOf(one, f)).at(-1);
  if (step === undefined) return [];
  const role = step.code === 'BUDGET_RESTORED' ? 'plain' : 'warm';
  return wrapText(cellText(step.message), width - BUDGET.length).map((line, i) => [
    span(i === 0 ? BUDGET : ' '.repeat(BUDGET.length), 'title'),
    span(line, role),
  ]);
}

const BUDGET = 'BUDGET  ';
