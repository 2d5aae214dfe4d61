/** What the colony keeps of its sessions, and what it asks of them later. Values only: the store knows no live session. */

import type { DebugSession, HistoryEntry } from '../../proto/gen/coral/colony/v1/debug.js';
import type { CallBatch, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';

/** Where sessions are written down. Nothing here delays a live session. */
export interface Recorder {
  opened(session: DebugSession): void;
  /** A tick of one agent: absolute values by slot; `names` are the slots' functions. */
  tick(service: string, tick: SessionTick, names: readonly string[]): void;
  /** Calls that are shown singly, by row of `info.functions`. */
  calls(info: SessionInfo, batch: CallBatch): void;
  /** Resolves when the end is written, or will not be and `error` says so. */
  ended(session: DebugSession, snapshot: Buffer): Promise<void>;
}

/** A question to the history. */
export interface HistoryQuestion {
  /** Empty: all. */
  readonly service: string;
  /** A name, a unique suffix or a glob; empty: all. */
  readonly functionPattern: string;
  /** Unix time, ns: sessions that started since. */
  readonly sinceNs: bigint;
  readonly limit: number;
}

/** Hears what goes wrong with the history: a notice to whoever watches a session. */
export type Trouble = (code: string, message: string) => void;

export interface History extends Recorder {
  /** Where it is kept; empty: nowhere. */
  readonly path: string;
  /** Why it is not being written; empty: it is. */
  readonly error: string;
  /** Set by whoever tells the watchers. */
  trouble: Trouble;
  /** Sessions that a kill or crash ended, until they are taken. */
  readonly unreportedEnds: readonly DebugSession[];
  takeUnreportedEnds(): void;
  /** A session that was lost, while nobody watched. */
  reportLater(session: DebugSession): void;
  /** A session thought lost is running after all. */
  takenUp(sessionId: string): void;
  query(question: HistoryQuestion): Promise<HistoryEntry[]>;
  /** Ended sessions, newest first; service empty: all. */
  endedSessions(service: string, limit: number): Promise<DebugSession[]>;
  /** The document of an ended session; undefined: not kept. */
  snapshot(sessionId: string): Promise<Buffer | undefined>;
  close(): Promise<void>;
}
