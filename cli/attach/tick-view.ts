/** What one tick shows: a session's ledger against how it stood at the tick before. Pure. */

import type { Overhead } from '../../proto/gen/coral/live/v1/live.js';
import type { Count } from '../../snapshots/document.js';
import { toCount } from '../../snapshots/ledger/count.js';
import { isShareKnown } from '../../snapshots/ledger/overhead.js';
import type { Row } from '../../snapshots/ledger/row.js';
import type { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { type TickLineFunction, tickLine } from '../../snapshots/ledger/tick-line.js';
import { nsToRfc3339 } from '../../snapshots/times/times.js';

export interface TickView {
  readonly at: string;
  readonly functions: readonly TickLineFunction[];
  readonly losses: Readonly<Record<string, Count>>;
  /** Percentages are of the last interval. */
  readonly overhead: Record<string, unknown>;
}

/** Gives a view at each call; rates and percentiles of a tick are against the call before. */
export function tickViews(ledger: SessionLedger): () => TickView {
  let before: readonly Row[] = ledger.rows();
  let beforeNs = 0;
  return () => {
    const rows = ledger.rows();
    const { elapsedNs } = ledger;
    const functions = tickLine(before, rows, elapsedNs - beforeNs);
    [before, beforeNs] = [rows, elapsedNs];
    const losses = Object.fromEntries([...ledger.losses()].map(([reason, count]) => [reason, toCount(count)]));
    return { at: nsToRfc3339(ledger.latestNs()), functions, losses, overhead: overheadRow(ledger.overhead()) };
  };
}

function overheadRow(overhead: Overhead): Record<string, unknown> {
  return {
    hits: toCount(overhead.hits),
    ...(overhead.waitingHits > 0 ? { waiting_hits: toCount(overhead.waitingHits) } : {}),
    cost_ns: toCount(overhead.costNs),
    percent_of_one_cpu: overhead.percentOfOneCpu,
    ...(isShareKnown(overhead.percentOfOneCpu, overhead.percentOfTarget) ? { percent_of_target: overhead.percentOfTarget } : {}),
    ...(overhead.budgetPercent >= 0 ? { budget_percent: overhead.budgetPercent } : {}),
  };
}
