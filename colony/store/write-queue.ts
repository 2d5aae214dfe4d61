/**
 * What waits to be written: in order, bounded, tried again. Rows of single calls and ticks are dropped beyond the bound
 * and counted; sessions and their ends are never dropped, they wait until they can be written.
 */

/** How many bytes of droppable rows may wait: those of a second at 300,000 calls, as DuckDB stops for when it tidies its file. */
export const QUEUE_LIMIT_BYTES = 16 * 1024 * 1024;

/** How long a failed write waits for the next try. */
export const RETRY_MS = 5000;

/** Errors of what is written, not of the disk or the file: trying again changes nothing, and later writes must not wait. */
const HOPELESS = /\b(?:Binder|Catalog|Constraint|Conversion|Invalid Input|Parser) Error/;

export interface Write {
  /** Writes it; rejects when that failed. */
  run(): Promise<void>;
  /** 0: never dropped. */
  readonly bytes: number;
  readonly rows: number;
}

export interface QueueEvents {
  /** A write failed; `error` is the reason. */
  failed(error: Error): void;
  /** A write succeeded after failures, or rows fitted again. */
  recovered(): void;
  /** Rows were dropped: `total` since the start. */
  dropped(total: number): void;
}

export class WriteQueue {
  droppedRows = 0;
  #waiting: Write[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failing = false;
  #closed = false;

  constructor(
    private readonly events: QueueEvents,
    private readonly retryMs = RETRY_MS,
  ) {}

  /** Bytes of droppable rows that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  add(write: Write): void {
    if (write.bytes > 0 && this.#bytes + write.bytes > QUEUE_LIMIT_BYTES) {
      this.droppedRows += write.rows;
      this.events.dropped(this.droppedRows);
      return;
    }
    this.#waiting.push(write);
    this.#bytes += write.bytes;
    this.#pump();
  }

  /** Resolves when what waits now is written, or a write has failed. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Writes what waits, once; what fails then is given up. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#pump();
    await this.#running;
  }

  #pump(): void {
    if (this.#running !== undefined || (this.#retry !== undefined && !this.#closed) || this.#waiting.length === 0) return;
    this.#running = this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      for (let write = this.#waiting[0]; write !== undefined; write = this.#waiting[0]) {
        await write.run();
        if (this.#failing) this.events.recovered();
        this.#failing = false;
        this.#forget(write);
      }
    } catch (error) {
      this.#failing = true;
      this.events.failed(error as Error);
      if (!this.#closed) this.#afterFailure(this.#waiting[0]!, error as Error);
    } finally {
      // With the last look, and not a moment later: what is added then would not be looked at.
      this.#running = undefined;
    }
  }

  /** Rows that could not be written are lost; what may not be lost waits for the next try, unless none can help. */
  #afterFailure(write: Write, error: Error): void {
    if (write.bytes > 0 || HOPELESS.test(error.message)) {
      this.#forget(write);
      this.droppedRows += write.rows;
      this.events.dropped(this.droppedRows);
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, this.retryMs);
  }

  #forget(write: Write): void {
    this.#waiting = this.#waiting.filter((other) => other !== write);
    this.#bytes -= write.bytes;
  }
}
