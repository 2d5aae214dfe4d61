/** Makes a session's ticks: absolute values of what changed since the last one that was acknowledged. */

import type { BudgetStep, CallBatch, SessionTick, Waiting } from '../../../proto/gen/coral/live/v1/live.js';
import { nsToTimestamp } from '../../../snapshots/times/times.js';
import type { Calibration, KernelSession } from '../../kernel/kernel.js';
import type { Reading } from '../reading.js';
import type { SingleCalls } from '../single-calls.js';
import { fingerprintCalls } from './call-columns.js';
import { ChangedRows } from './changed-rows.js';
import { packFunctions } from './function-columns.js';
import { type AgentLosses, listLosses } from './losses.js';
import { listOpenCalls } from './open-calls.js';
import { type CostedSite, type CostReading, describeOverhead, type ReplacedReturns, readCost } from './overhead.js';
import { bytesOf } from './packed.js';
import { type NameStarter, packTree } from './tree-columns.js';
import { sumWaiting, type WaitKinds } from './waiting-rows.js';

/** What stays the same over a session's ticks. */
export interface TickSubject {
  sessionId: string;
  agentId: string;
  startedBootNs: bigint;
  wallOffsetNs: bigint;
  calibration: Calibration;
  lossReasons: readonly string[];
  waitKind: WaitKinds;
  nameStarter: NameStarter;
}

/** What a tick reports beside the reading. */
export interface TickExtras {
  own: AgentLosses;
  targetCpuNs: number;
  budget: { percent: number; steps: BudgetStep[] };
}

/** Slow calls and site hits are written anew only every so many ticks when there are more rows than this. */
const MANY_ROWS = 2000;
const MANY_ROWS_EVERY = 5;

/** What costs the target something. */
interface CostedProbes {
  readonly sites: readonly CostedSite[];
  readonly costedSites: readonly CostedSite[];
  readonly replacedReturns: readonly ReplacedReturns[];
}

export class TickWriter {
  readonly #functions = new ChangedRows();
  readonly #nodes = new ChangedRows();
  #cost: CostReading;
  #slow = { seq: 0, fingerprint: '' };
  #seq = 0;
  #ackedSeq = 0;

  constructor(
    private readonly subject: TickSubject,
    private readonly kernel: KernelSession,
    private readonly probes: CostedProbes,
    private readonly calls: SingleCalls,
    targetCpuNs: number,
  ) {
    this.#cost = { bootNs: subject.startedBootNs, hits: 0, waitingHits: 0, costNs: 0, targetCpuNs, slotCostNs: [] };
  }

  /** The colony has everything up to this tick. */
  acknowledge(seq: number): void {
    this.#ackedSeq = Math.max(this.#ackedSeq, seq);
  }

  /** A new link knows nothing: the next tick is full. */
  startOver(): void {
    this.#ackedSeq = 0;
  }

  /** The tick that follows a reading; with `final` it is full. */
  write(reading: Reading, extras: TickExtras, final: boolean): SessionTick {
    this.#seq += 1;
    if (final) this.startOver();
    this.#noteChanges(reading);
    const { sessionId, agentId, startedBootNs, wallOffsetNs, lossReasons } = this.subject;
    const functions = this.#functions.since(this.#ackedSeq);
    return {
      sessionId,
      agentId,
      seq: this.#seq,
      at: nsToTimestamp(reading.bootNs + wallOffsetNs),
      elapsedNs: Number(reading.bootNs - startedBootNs),
      functions: packFunctions(reading.slots, functions, (slot) => this.kernel.histogram(slot)),
      tree: packTree(reading.nodes, reading.nodeOpen, this.#nodes.since(this.#ackedSeq), this.subject.nameStarter),
      losses: listLosses(this.kernel.losses(), lossReasons, extras.own),
      overhead: this.#overhead(reading, extras),
      openCalls: listOpenCalls(reading, this.subject.waitKind),
      waiting: this.#waiting(reading),
      final,
      slowCalls: this.#slowCalls(final),
      siteHits: this.#isDue(this.probes.sites.length, final) ? this.#siteHits() : Buffer.alloc(0),
    };
  }

  #noteChanges({ slots, nodes, nodeOpen }: Reading): void {
    const { calls, returns, inFlight, unwound, untracked, joinedMidCall } = slots;
    this.#functions.note(this.#seq, [calls, returns, inFlight, unwound, untracked, joinedMidCall]);
    this.#nodes.note(this.#seq, [nodes.calls, nodes.totalNs, nodeOpen]);
  }

  #waiting({ frames, open, bootNs }: Reading): Waiting[] {
    return sumWaiting(this.kernel.readWaiting(), frames, open, bootNs, this.subject.waitKind);
  }

  #overhead({ bootNs, slots }: Reading, { targetCpuNs, budget }: TickExtras) {
    const { calibration } = this.subject;
    const { costedSites, replacedReturns } = this.probes;
    const at = { bootNs, targetCpuNs };
    const now = readCost(this.kernel.siteHits(), costedSites, slots.calls.length, calibration, at, replacedReturns);
    const overhead = describeOverhead(now, this.#cost, calibration, budget);
    this.#cost = now;
    return overhead;
  }

  #slowCalls(final: boolean): CallBatch | undefined {
    const calls = this.kernel.slowCalls();
    if (!this.#isDue(calls.callId.length, final)) return undefined;
    const fingerprint = fingerprintCalls(calls);
    if (fingerprint !== this.#slow.fingerprint) this.#slow = { seq: this.#seq, fingerprint };
    return this.#slow.seq > this.#ackedSeq ? this.calls.packSlowest(calls) : undefined;
  }

  #siteHits(): Buffer {
    return bytesOf(this.kernel.siteHits().slice(0, this.probes.sites.length));
  }

  #isDue(rows: number, final: boolean): boolean {
    return final || rows <= MANY_ROWS || this.#seq % MANY_ROWS_EVERY === 0;
  }
}
