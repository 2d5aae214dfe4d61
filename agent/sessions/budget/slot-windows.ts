/** When a slot's entries were probed, and what its calls are estimated at where they were not always. */

import { type EstimatedCalls, estimateCalls } from '../../budget/estimate.js';
import type { Stretch, Unseen } from '../../budget/expected-calls.js';

/** Running totals at a moment of the boot clock: a slot's calls, and of its process what the probes cost and its processor times, ns. */
export interface SlotTotals {
  ns: number;
  calls: number;
  costNs: number;
  cpuNs: number;
  waitNs: number;
}

/** Its window that is open, or has closed last. */
interface Window {
  kind: Stretch['kind'];
  opened: SlotTotals;
  closed: SlotTotals | null;
}

export class SlotWindows {
  readonly #past: Stretch[] = [];
  #last: Window;

  /** Its entries are probed from now on. */
  constructor(opened: SlotTotals) {
    this.#last = { kind: 'probed', opened, closed: null };
  }

  open(kind: Stretch['kind'], opened: SlotTotals): void {
    const { closed } = this.#last;
    if (closed === null) return;
    this.#past.push(stretchOf(this.#last, closed, opened));
    this.#last = { kind, opened, closed: null };
  }

  close(totals: SlotTotals): void {
    this.#last.closed ??= totals;
  }

  /** Whether there was a time in which its entries were not probed. */
  get isPartial(): boolean {
    return this.#past.length > 0 || this.#last.closed !== null;
  }

  /** Null: its entries were probed all the time. */
  estimate(now: SlotTotals): EstimatedCalls | null {
    if (!this.isPartial) return null;
    return estimateCalls(now.calls, [...this.#past, stretchOf(this.#last, this.#last.closed ?? now, now)]);
  }
}

function stretchOf({ kind, opened }: Window, closed: SlotTotals, next: SlotTotals): Stretch {
  const { ns, cpuNs, waitNs } = between(opened, closed);
  const seen = { calls: closed.calls - opened.calls, costNs: closed.costNs - opened.costNs };
  return { kind, ns, cpuNs, waitNs, ...seen, after: between(closed, next) };
}

/** Processor times are read from threads, which may have ended since. */
function between(from: SlotTotals, to: SlotTotals): Unseen {
  const passed = (column: keyof Unseen) => Math.max(to[column] - from[column], 0);
  return { ns: passed('ns'), cpuNs: passed('cpuNs'), waitNs: passed('waitNs') };
}
