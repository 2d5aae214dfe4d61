/** Where the workbench gets everything from: a colony, a snapshot file, or a test. Rejections are CoralErrors. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { AgentStatus, FunctionPlan, Service, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { SingleCall, Snapshot } from '../../snapshots/document.js';

/** The state of a session at one moment: absolute values. */
export interface Reading {
  readonly snapshot: Snapshot;
  /** Cost so far of each function, in the order of `snapshot.functions`; empty when not known. */
  readonly rowCostNs: readonly number[];
  /** From the agent's reading to its arrival here; absent for a file. */
  readonly lagMs?: number;
}

/** What a watched session tells. `ended` is the last. */
export type WatchEvent =
  | { readonly kind: 'session'; readonly info: SessionInfo }
  | { readonly kind: 'reading'; readonly reading: Reading }
  /** Calls shown singly: matching, sampled or slow ones. */
  | { readonly kind: 'calls'; readonly calls: readonly SingleCall[] }
  | { readonly kind: 'notice'; readonly code: string; readonly message: string }
  | { readonly kind: 'ended'; readonly reading: Reading }
  | { readonly kind: 'failed'; readonly error: Error };

/** What a session shows of single calls, and what it may cost. All of it is sent with every change. */
export interface Wishes {
  /** Arguments and results of the calls that are shown singly. */
  readonly captureValues: boolean;
  /** Expressions that all must match; none: every call does. */
  readonly filters: readonly string[];
  /** Calls slower than this are shown singly; 0: off. */
  readonly slowerThanNs: number;
  /** One call in so many is shown singly; 0: none. */
  readonly sampleRate: number;
  /** Of one CPU; 0: the default; negative: unlimited. */
  readonly budgetPercent: number;
}

export const NO_WISHES: Wishes = { captureValues: false, filters: [], slowerThanNs: 0, sampleRate: 0, budgetPercent: 0 };

export interface OpenRequest {
  readonly service: string;
  readonly functions: readonly string[];
  /** Absent: the colony's default. */
  readonly durationMs?: number;
  readonly wishes: Wishes;
}

/** A past session of the history. */
export interface PastSession {
  readonly session: DebugSession;
  readonly snapshot: Snapshot;
}

export interface FeedStatus {
  readonly agents: readonly AgentStatus[];
  /** Empty: history is being written. */
  readonly historyError: string;
  /** One sentence each, of sessions that a crash ended and nobody was told of yet. */
  readonly unreportedEnds: readonly string[];
}

export interface Feed {
  /** What we are connected to, for the header: `private`, an address or a file's name. */
  readonly name: string;
  /** False for a replayed file: nothing can be attached. */
  readonly live: boolean;
  status(): Promise<FeedStatus>;
  services(): Promise<readonly Service[]>;
  functions(service: string): Promise<FunctionIndex>;
  explain(service: string, names: readonly string[]): Promise<readonly FunctionPlan[]>;
  open(request: OpenRequest): Promise<SessionInfo>;
  addFunctions(sessionId: string, functions: readonly string[]): Promise<SessionInfo>;
  /** Replaces what was wished before; rejects, with nothing changed, for a filter that cannot be read or evaluated. */
  change(sessionId: string, wishes: Wishes): Promise<SessionInfo>;
  /** `expiresAtMs` is Unix time. */
  extend(sessionId: string, expiresAtMs: number): Promise<SessionInfo>;
  detach(sessionId: string): Promise<void>;
  /** Calls back until the session ends or the returned function is called. */
  watch(sessionId: string, listen: (event: WatchEvent) => void): () => void;
  sessions(): Promise<readonly DebugSession[]>;
  history(service: string): Promise<readonly PastSession[]>;
  /** The session as it stands: coral.snapshot/1 as JSON text. */
  snapshot(sessionId: string): Promise<string>;
  /** The same with the rows of each process, which a watch does not tell apart. */
  withProcesses(sessionId: string): Promise<Snapshot>;
  close(): void;
}
