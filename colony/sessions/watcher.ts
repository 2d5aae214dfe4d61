/**
 * One watcher's frames: ticks at its own pace, calls as they come, at most two frames that the transport has not taken.
 * A tick that finds no room is skipped, the next one is absolute; calls wait in a bounded queue, then are dropped and
 * counted for this watcher alone.
 */

import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import { batchBytes, callCount } from './calls.js';
import type { Session } from './session.js';

type Update = NonNullable<WatchSessionResponse['update']>;
type Write = (message: WatchSessionResponse, accepted: () => void) => void;

const MAX_UNACCEPTED_FRAMES = 2;
/** One batch always finds room: an agent's second of single calls with their values may be larger. */
const MAX_QUEUED_CALL_BYTES = 4 * 1024 * 1024;

/** The reason under which a watcher's own losses are counted, in its ticks and in its snapshot. */
export const WATCHER_SLOW = 'watcher_slow';

export class Watcher {
  skippedTicks = 0;
  droppedCalls = 0;
  #revision = 0;
  #unaccepted = 0;
  #owesTick = false;
  #queue: CallBatch[] = [];
  #queuedBytes = 0;

  constructor(
    private readonly session: Session,
    private readonly write: Write,
  ) {}

  /** Sends what may never be skipped: `session`, `notice`, the snapshot. */
  send(update: Update): void {
    this.#unaccepted++;
    this.write({ update }, () => {
      this.#unaccepted--;
      this.#flushCalls();
      if (this.#owesTick) this.tick();
    });
  }

  tick(): void {
    this.#owesTick = this.#unaccepted >= MAX_UNACCEPTED_FRAMES;
    if (this.#owesTick) this.skippedTicks++;
    else this.#sendTick();
  }

  calls(batch: CallBatch): void {
    const bytes = batchBytes(batch);
    if (this.#queue.length > 0 && this.#queuedBytes + bytes > MAX_QUEUED_CALL_BYTES) {
      this.droppedCalls += callCount(batch);
      return;
    }
    this.#queue.push(batch);
    this.#queuedBytes += bytes;
    this.#flushCalls();
  }

  /** The last frames: nothing is skipped here. */
  finish(snapshot: Buffer): void {
    this.#owesTick = false;
    for (const batch of this.#queue.splice(0)) this.send({ $case: 'calls', value: batch });
    this.#sendTick();
    this.send({ $case: 'snapshot', value: this.droppedCalls > 0 ? this.#withLosses(snapshot) : snapshot });
  }

  #withLosses(snapshot: Buffer): Buffer {
    const document = JSON.parse(snapshot.toString()) as { losses?: Record<string, number> };
    return Buffer.from(JSON.stringify({ ...document, losses: { ...document.losses, [WATCHER_SLOW]: this.droppedCalls } }));
  }

  #sendTick(): void {
    const tick = this.session.tickSince(this.#revision);
    this.#revision = tick.seq;
    if (this.droppedCalls > 0) tick.losses.push({ reason: WATCHER_SLOW, count: this.droppedCalls });
    this.send({ $case: 'tick', value: tick });
  }

  #flushCalls(): void {
    while (this.#queue.length > 0 && this.#unaccepted < MAX_UNACCEPTED_FRAMES) {
      const batch = this.#queue.shift()!;
      this.#queuedBytes -= batchBytes(batch);
      this.send({ $case: 'calls', value: batch });
    }
  }
}
