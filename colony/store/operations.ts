/** What the store's thread does when it is asked; values only, since they cross threads. */

import type { DebugSession, HistoryEntry } from '../../proto/gen/coral/colony/v1/debug.js';
import { CallNames, type CallRows } from './call-names.js';
import { Database } from './database.js';
import type { HistoryQuestion } from './ports.js';
import { queryHistory, readEnded, readSnapshot } from './read-history.js';
import { type Cutoffs, sweep } from './retention.js';
import { type NamedTick, TickFold } from './tick-fold.js';
import { writeCalls } from './write-calls.js';
import { endAbandoned, writeEnd, writeSession } from './write-sessions.js';
import { writeTicks } from './write-ticks.js';

/** The thread's work. `open` comes first; the others fail until it has succeeded. */
export class Operations {
  #database: Database | undefined;
  #names: CallNames | undefined;
  readonly #fold = new TickFold();

  /** `abandoned`: sessions of a killed colony, which may not have come to write them. */
  async open(path: string, abandoned: readonly DebugSession[]): Promise<void> {
    if (this.#database !== undefined) return;
    const database = await Database.open(path);
    await endAbandoned(database, abandoned);
    this.#names = await CallNames.read(database);
    this.#database = database;
  }

  async session(session: DebugSession): Promise<void> {
    await writeSession(this.#opened, session);
  }

  async ticks(ticks: readonly NamedTick[]): Promise<void> {
    await writeTicks(this.#opened, this.#fold, ticks);
  }

  async calls(calls: readonly CallRows[]): Promise<void> {
    const database = this.#opened;
    await writeCalls(database, this.#names!, calls);
  }

  async end(session: DebugSession, snapshot: Uint8Array): Promise<void> {
    this.#fold.forget(session.sessionId);
    this.#names?.forgetSession(session.sessionId);
    await writeEnd(this.#opened, session, snapshot);
  }

  async sweep(cutoffs: Cutoffs): Promise<void> {
    await sweep(this.#opened, cutoffs);
  }

  async query(question: HistoryQuestion): Promise<HistoryEntry[]> {
    return queryHistory(this.#opened, question);
  }

  async endedSessions(service: string, limit: number): Promise<DebugSession[]> {
    return readEnded(this.#opened, service, limit);
  }

  async snapshot(sessionId: string): Promise<Uint8Array | undefined> {
    return readSnapshot(this.#opened, sessionId);
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  get #opened(): Database {
    if (this.#database !== undefined) return this.#database;
    throw new Error('the history is not open');
  }
}

type Name = 'open' | 'session' | 'ticks' | 'calls' | 'end' | 'sweep' | 'query' | 'endedSessions' | 'snapshot' | 'close';

/** One request across the threads. */
export interface Request<Operation extends Name = Name> {
  readonly id: number;
  readonly operation: Operation;
  readonly args: Parameters<Operations[Operation]>;
}

/** Its answer. */
export type Response = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

export type OperationName = Name;
