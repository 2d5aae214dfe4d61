/** Rows on their way to the queue, gathered: a transaction costs milliseconds, a row in it less than one microsecond. */

import type { CallBatch, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { rowsIn } from '../../snapshots/columns/words.js';
import type { CallRows } from './call-names.js';
import { bytesIn, compact } from './compact.js';
import type { StoreThread } from './store-thread.js';
import type { NamedTick } from './tick-fold.js';
import type { WriteQueue } from './write-queue.js';

const TICKS_TOGETHER_MS = 1000;
const CALLS_TOGETHER_MS = 200;
const CALLS_TOGETHER_BYTES = 1024 * 1024;

export class Batches {
  #ticks: NamedTick[] = [];
  #calls: CallRows[] = [];
  #callBytes = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly queue: WriteQueue,
    private readonly thread: StoreThread,
  ) {}

  /** From now on what is gathered goes to the queue by the clock. */
  start(): void {
    this.#timers = [
      setInterval(() => this.#flushTicks(), TICKS_TOGETHER_MS).unref(),
      setInterval(() => this.#flushCalls(), CALLS_TOGETHER_MS).unref(),
    ];
  }

  tick(service: string, tick: SessionTick, names: readonly string[]): void {
    const { sessionId, agentId, at, functions } = tick;
    this.#ticks.push({ service, names, tick: { sessionId, agentId, at, functions: functions && compact(functions) } });
  }

  calls(info: SessionInfo, batch: CallBatch): void {
    this.#calls.push({
      sessionId: info.sessionId,
      service: info.service,
      names: info.functions.map((plan) => plan.name),
      batch: { ...compact(batch), values: batch.values.map(compact) },
    });
    this.#callBytes += bytesIn(batch);
    if (this.#callBytes >= CALLS_TOGETHER_BYTES) this.#flushCalls();
  }

  flush(): void {
    this.#flushCalls();
    this.#flushTicks();
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.flush();
  }

  #flushCalls(): void {
    const calls = this.#calls.splice(0);
    const rows = calls.reduce((sum, { batch }) => sum + rowsIn(batch.row, 'row'), 0);
    if (rows > 0) this.queue.add({ run: () => this.thread.ask('calls', calls), bytes: this.#callBytes, rows });
    this.#callBytes = 0;
  }

  #flushTicks(): void {
    const ticks = this.#ticks.splice(0);
    if (ticks.length === 0) return;
    const bytes = ticks.reduce((sum, { tick }) => sum + bytesIn(tick.functions ?? {}), 0);
    this.queue.add({ run: () => this.thread.ask('ticks', ticks), bytes: Math.max(1, bytes), rows: ticks.length });
  }
}
