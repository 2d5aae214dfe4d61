/** The history in a DuckDB file, written by a thread of its own, off the live path. */

import { join } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import type { DebugSession, HistoryEntry } from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { Batches } from './batches.js';
import { Journal } from './journal.js';
import type { History, HistoryQuestion, Trouble } from './ports.js';
import { StoreThread } from './store-thread.js';
import { type Write, WriteQueue } from './write-queue.js';

/** How often the loss of rows is told again while it goes on. */
const TELL_DROPS_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;

export interface HistoryOptions {
  /** Where history.duckdb lies. */
  readonly directory: string;
  readonly eventsRetentionMs: number;
  readonly sessionsRetentionMs: number;
  /** How long agents may take to say that a session of the colony before this one still runs. */
  readonly takeUpMs: number;
  readonly nowMs?: () => number;
  readonly sweepEveryMs?: number;
  readonly retryMs?: number;
}

export class StoredHistory implements History {
  readonly path: string;
  error = '';
  trouble: Trouble = () => undefined;
  readonly #journal: Journal;
  readonly #thread = new StoreThread();
  readonly #queue: WriteQueue;
  readonly #endsWaiting = new Set<() => void>();
  readonly #abandoned: readonly DebugSession[];
  readonly #batches: Batches;
  #sweeping: NodeJS.Timeout | undefined;
  /** Sessions to report, and since when they count as lost. */
  #lost: { session: DebugSession; fromMs: number }[];
  #toldRows = 0;
  #tellDropsFromMs = 0;

  constructor(private readonly options: HistoryOptions) {
    this.path = join(options.directory, 'history.duckdb');
    this.#journal = new Journal(join(options.directory, 'open-sessions'));
    const fromMs = performance.now() + options.takeUpMs;
    this.#abandoned = this.#journal.abandoned();
    this.#lost = this.#abandoned.map((session) => ({ session, fromMs }));
    this.#queue = new WriteQueue(
      { failed: (error) => this.#failed(error), recovered: () => this.#recovered(), dropped: (rows) => this.#dropped(rows) },
      options.retryMs,
    );
    this.#batches = new Batches(this.#queue, this.#thread);
  }

  /** Opens the file in the background; what cannot be done is in `error`, and tried again. */
  open(): void {
    const interrupted = this.#abandoned.filter(({ status }) => status === 'interrupted');
    this.#queue.add(kept(() => this.#thread.ask('open', this.path, interrupted)));
    this.#sweep();
    this.#sweeping = setInterval(() => this.#sweep(), this.options.sweepEveryMs ?? HOUR_MS).unref();
    this.#batches.start();
  }

  get unreportedEnds(): readonly DebugSession[] {
    const nowMs = performance.now();
    return this.#lost.filter(({ fromMs }) => fromMs <= nowMs).map(({ session }) => session);
  }

  takeUnreportedEnds(): void {
    const taken = new Set(this.unreportedEnds.map(({ sessionId }) => sessionId));
    for (const sessionId of taken) this.#journal.remove(sessionId);
    this.#lost = this.#lost.filter(({ session }) => !taken.has(session.sessionId));
  }

  reportLater(session: DebugSession): void {
    this.#inJournal(() => this.#journal.write(session));
    this.#lost.push({ session, fromMs: 0 });
  }

  takenUp(sessionId: string): void {
    this.#lost = this.#lost.filter(({ session }) => session.sessionId !== sessionId);
  }

  opened(session: DebugSession): void {
    this.#inJournal(() => this.#journal.write(session));
    this.#queue.add(kept(() => this.#thread.ask('session', session)));
  }

  tick(service: string, tick: SessionTick, names: readonly string[]): void {
    this.#batches.tick(service, tick, names);
  }

  calls(info: SessionInfo, batch: CallBatch): void {
    this.#batches.calls(info, batch);
  }

  async ended(session: DebugSession, snapshot: Buffer): Promise<void> {
    this.#batches.flush();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#endsWaiting.delete(done);
        resolve();
      };
      this.#endsWaiting.add(done);
      if (this.error !== '') done();
      this.#queue.add(kept(() => this.#thread.ask('end', session, snapshot).then(done)));
    });
    if (!this.#lost.some((lost) => lost.session.sessionId === session.sessionId)) this.#journal.remove(session.sessionId);
  }

  async query(question: HistoryQuestion): Promise<HistoryEntry[]> {
    await this.#queue.settled();
    this.#insistOnHistory();
    const entries = await this.#thread.ask('query', question);
    return entries.map(({ session, snapshot }) => ({ session, snapshot: Buffer.from(snapshot) }));
  }

  async endedSessions(service: string, limit: number): Promise<DebugSession[]> {
    await this.#queue.settled();
    return this.error === '' ? this.#thread.ask('endedSessions', service, limit) : [];
  }

  async snapshot(sessionId: string): Promise<Buffer | undefined> {
    await this.#queue.settled();
    if (this.error !== '') return undefined;
    const bytes = await this.#thread.ask('snapshot', sessionId);
    return bytes === undefined ? undefined : Buffer.from(bytes);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#batches.close();
    await this.#queue.close();
    if (this.#queue.droppedRows > this.#toldRows) this.#tellDropped(this.#queue.droppedRows);
    await this.#thread.close();
  }

  #sweep(): void {
    const nowMs = (this.options.nowMs ?? Date.now)();
    const before = (ageMs: number): bigint => BigInt(Math.round(nowMs - ageMs)) * 1_000_000n;
    const cutoffs = { eventsNs: before(this.options.eventsRetentionMs), sessionsNs: before(this.options.sessionsRetentionMs) };
    this.#queue.add(kept(() => this.#thread.ask('sweep', cutoffs)));
  }

  #insistOnHistory(): void {
    if (this.error === '') return;
    throw new CoralError('NO_HISTORY', `the history cannot be read: ${this.error}`, `look at ${this.path}`, { path: this.path });
  }

  #failed(error: Error): void {
    const first = this.error === '';
    this.error = error instanceof CoralError ? String(error.details.why ?? error.message) : error.message;
    for (const done of this.#endsWaiting) done();
    if (first) this.trouble('HISTORY_PAUSED', `history is not written: ${this.error}; live figures go on`);
  }

  #recovered(): void {
    this.error = '';
    this.trouble('HISTORY_RESUMED', 'history is written again');
  }

  #dropped(rows: number): void {
    if (performance.now() >= this.#tellDropsFromMs) this.#tellDropped(rows);
  }

  #tellDropped(rows: number): void {
    this.#toldRows = rows;
    this.#tellDropsFromMs = performance.now() + TELL_DROPS_EVERY_MS;
    this.trouble(
      'HISTORY_ROWS_LOST',
      `${rows} rows are not in the history, single calls and ticks first; live figures are complete`,
    );
  }

  /** The journal is a convenience: a disk that does not take it is reported like any other failure. */
  #inJournal(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.trouble('JOURNAL_FAILED', `open sessions are not noted on disk: ${(error as Error).message}`);
    }
  }
}

/** A write that is never dropped. */
const kept = (run: () => Promise<void>): Write => ({ run, bytes: 0, rows: 1 });
