/** From absolute ticks by slot to one row a function and second: slots of one name add up. Pure. */

import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { type FunctionTable, NO_MIN_NS, unpackFunctions } from '../../snapshots/columns/functions.js';
import { addInto, emptyHistogram, type Histogram, type SparseHistogram } from '../../snapshots/histogram/arithmetic.js';

/** A tick of one agent; `names` are its slots' functions. */
export interface NamedTick {
  readonly service: string;
  readonly tick: Pick<SessionTick, 'sessionId' | 'agentId' | 'at' | 'functions'>;
  readonly names: readonly string[];
}

/** A function on one agent since the session's start. */
export interface TickRow {
  readonly name: string;
  calls: number;
  returns: number;
  inFlight: number;
  unwound: number;
  untracked: number;
  sumNs: bigint;
  /** NO_MIN_NS: no return yet. */
  minNs: bigint;
  maxNs: number;
  readonly histogram: Histogram;
}

type SlotValues = Omit<TickRow, 'name' | 'histogram'> & { readonly histogram: SparseHistogram };

/** The last known values of each slot, by session and agent. */
export class TickFold {
  readonly #parts = new Map<string, (SlotValues | undefined)[]>();

  /** Takes the ticks of one part in order. @returns the functions that they changed. */
  take(ticks: readonly NamedTick[]): TickRow[] {
    const changed = new Set<string>();
    for (const { tick, names } of ticks) {
      const slots = this.#slots(tick.sessionId, tick.agentId);
      const table = tick.functions && unpackFunctions(tick.functions);
      table?.row.forEach((slot, at) => {
        slots[slot] = valuesAt(table, at);
        changed.add(names[slot] ?? '');
      });
    }
    const last = ticks.at(-1);
    if (last === undefined) return [];
    return [...changed].map((name) => this.#sum(last, name));
  }

  forget(sessionId: string): void {
    for (const key of this.#parts.keys()) if (key.startsWith(`${sessionId}/`)) this.#parts.delete(key);
  }

  #slots(sessionId: string, agentId: string): (SlotValues | undefined)[] {
    const key = `${sessionId}/${agentId}`;
    const slots = this.#parts.get(key) ?? [];
    this.#parts.set(key, slots);
    return slots;
  }

  #sum({ tick, names }: NamedTick, name: string): TickRow {
    const sum = emptyRow(name);
    this.#slots(tick.sessionId, tick.agentId).forEach((values, slot) => {
      if (names[slot] === name && values !== undefined) add(sum, values);
    });
    return sum;
  }
}

const emptyRow = (name: string): TickRow => ({
  name,
  calls: 0,
  returns: 0,
  inFlight: 0,
  unwound: 0,
  untracked: 0,
  sumNs: 0n,
  minNs: NO_MIN_NS,
  maxNs: 0,
  histogram: emptyHistogram(),
});

function add(sum: TickRow, values: SlotValues): void {
  sum.calls += values.calls;
  sum.returns += values.returns;
  sum.inFlight += values.inFlight;
  sum.unwound += values.unwound;
  sum.untracked += values.untracked;
  sum.sumNs += values.sumNs;
  if (values.minNs < sum.minNs) sum.minNs = values.minNs;
  sum.maxNs = Math.max(sum.maxNs, values.maxNs);
  addInto(sum.histogram, values.histogram);
}

const valuesAt = (table: FunctionTable, at: number): SlotValues => ({
  calls: table.calls[at]!,
  returns: table.returns[at]!,
  inFlight: table.inFlight[at]!,
  unwound: table.unwound[at]!,
  untracked: table.untracked[at]!,
  sumNs: table.sumNs[at]!,
  minNs: table.minNs[at]!,
  maxNs: table.maxNs[at]!,
  histogram: table.histograms[at]!,
});
