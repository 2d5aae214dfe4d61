/** When a slot's entries were probed, and what its calls are estimated at where they were not always. */

import { type EstimatedCalls, estimateCalls, type KnownCalls } from '../../budget/estimate.js';
import type { Stretch } from '../../budget/expected-calls.js';
import { shorten } from '../../budget/shorten.js';
import type { ThreadTimes } from '../ports.js';
import { type addShares, NO_SHARES, type ThreadShares } from './thread-shares.js';

/** Running totals at a moment of the boot clock: a slot's calls, and of its process what the probes cost and its processor times, ns. */
export interface SlotTotals {
  ns: number;
  calls: number;
  costNs: number;
  cpuNs: number;
  threads: ThreadTimes;
}

/** What is known of a moment without asking for processor times. */
export type Look = Pick<SlotTotals, 'ns' | 'calls' | 'costNs'>;

/** Its window that is open, or has closed last. */
interface Window {
  kind: Stretch['kind'];
  opened: SlotTotals;
  looked: Look;
  closed: SlotTotals | null;
}

export class SlotWindows {
  #past: Stretch[] = [];
  #shares: ThreadShares = NO_SHARES;
  #last: Window;

  /** Its entries are probed from now on. */
  constructor(
    opened: SlotTotals,
    private readonly add: typeof addShares,
  ) {
    this.#last = { kind: 'probed', opened, looked: opened, closed: null };
  }

  open(kind: Stretch['kind'], opened: SlotTotals): void {
    const { closed } = this.#last;
    if (closed === null) return;
    this.#past = shorten([...this.#past, stretchOf(this.#last, closed, opened)]);
    this.#shares = this.add(this.#shares, this.#last.kind, this.#last.opened, closed, opened);
    this.#last = { kind, opened, looked: opened, closed: null };
  }

  look(look: Look): void {
    if (this.#last.closed === null) this.#last.looked = look;
  }

  close(totals: SlotTotals): void {
    this.#last.closed ??= totals;
  }

  /** Whether there was a time in which its entries were not probed. */
  get isPartial(): boolean {
    return this.#past.length > 0 || this.#last.closed !== null;
  }

  /** Null: its entries were probed all the time. */
  estimate(now: SlotTotals, known: Omit<KnownCalls, 'threads'>): EstimatedCalls | null {
    if (!this.isPartial) return null;
    const { kind, opened, closed } = this.#last;
    const end = closed ?? now;
    const threads = [...this.add(this.#shares, kind, opened, end, now).values()];
    return estimateCalls(now.calls, [...this.#past, stretchOf(this.#last, end, now)], { ...known, threads });
  }
}

/** Processor time that did not fit the window was used after it: what is known of the unseen time is not to be too little. */
function stretchOf({ kind, opened, looked }: Window, closed: SlotTotals, next: SlotTotals): Stretch {
  const cpuNs = processorNs(opened, closed);
  const afterCpuNs = next.cpuNs - opened.cpuNs - cpuNs;
  const since = ({ ns, calls, costNs }: Look): Look => {
    return { ns: closed.ns - ns, calls: closed.calls - calls, costNs: closed.costNs - costNs };
  };
  return {
    kind,
    ...since(opened),
    cpuNs,
    waitNs: waitedNs(opened, closed),
    ...(kind === 'probed' && { end: since(looked) }),
    after: { ns: next.ns - closed.ns, cpuNs: Math.max(afterCpuNs, 0), waitNs: waitedNs(closed, next) },
  };
}

/**
 * No thread was on a processor for longer than the time that passed: the kernel tells it in steps of 4 ms, and an agent that
 * waits for a processor itself may read it late.
 */
function processorNs(from: SlotTotals, to: SlotTotals): number {
  const excess = sumOfThreads(from, to, 'cpuNs', (cpuNs) => Math.max(cpuNs - (to.ns - from.ns), 0));
  return Math.max(to.cpuNs - from.cpuNs - excess, 0);
}

const waitedNs = (from: SlotTotals, to: SlotTotals): number => sumOfThreads(from, to, 'waitNs', (waitNs) => waitNs);

function sumOfThreads(from: SlotTotals, to: SlotTotals, column: 'cpuNs' | 'waitNs', part: (passedNs: number) => number): number {
  let sum = 0;
  for (const [thread, times] of to.threads) sum += part(Math.max(times[column] - (from.threads.get(thread)?.[column] ?? 0), 0));
  return sum;
}
