/** When a slot's entries were probed, and what its calls are estimated at where they were not always. */

import { type EstimatedCalls, estimateCalls, type SeenWindow } from '../../budget/estimate.js';

/** A slot's running totals: its calls, and of its process what the probes cost and what it used of processors, ns. */
export interface SlotTotals {
  calls: number;
  costNs: number;
  cpuNs: number;
}

/** Times in ns of the boot clock. */
export class SlotWindows {
  readonly #closed: SeenWindow[] = [];
  #open: (SlotTotals & { ns: number }) | null;
  readonly #startedNs: number;
  #endedNs = Number.POSITIVE_INFINITY;

  readonly #startedCpuNs: number;

  constructor(nowNs: number, cpuNs: number) {
    this.#startedCpuNs = cpuNs;
    this.#startedNs = nowNs;
    this.#open = { ns: nowNs, calls: 0, costNs: 0, cpuNs };
  }

  open(nowNs: number, totals: SlotTotals): void {
    this.#open ??= { ns: nowNs, ...totals };
  }

  close(nowNs: number, totals: SlotTotals): void {
    this.#closed.push(...this.#upTo(nowNs, totals));
    this.#open = null;
  }

  /** What comes after is not of the session. */
  end(nowNs: number): void {
    this.#endedNs = nowNs;
  }

  /** Whether there was a time in which its entries were not probed. */
  get isPartial(): boolean {
    return this.#closed.length > 0;
  }

  /** Null: its entries were probed all the time. */
  estimate(readNs: number, totals: SlotTotals): EstimatedCalls | null {
    if (!this.isPartial) return null;
    const nowNs = Math.min(readNs, this.#endedNs);
    const windows = [...this.#closed, ...this.#upTo(nowNs, totals)];
    const seen = (column: 'ns' | 'cpuNs') => windows.reduce((sum, window) => sum + window[column], 0);
    return estimateCalls(windows, {
      ns: Math.max(nowNs - this.#startedNs - seen('ns'), 0),
      cpuNs: Math.max(totals.cpuNs - this.#startedCpuNs - seen('cpuNs'), 0),
    });
  }

  /** The window that is open; none, or one. */
  #upTo(nowNs: number, { calls, costNs, cpuNs }: SlotTotals): SeenWindow[] {
    const open = this.#open;
    if (open === null) return [];
    return [
      { ns: nowNs - open.ns, calls: calls - open.calls, costNs: costNs - open.costNs, cpuNs: Math.max(cpuNs - open.cpuNs, 0) },
    ];
  }
}
