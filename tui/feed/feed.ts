/** Where the workbench gets everything from: a colony, a snapshot file, or a test. Rejections are CoralErrors. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { AgentStatus, FunctionPlan, Service, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';

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
  | { readonly kind: 'notice'; readonly code: string; readonly message: string }
  | { readonly kind: 'ended'; readonly reading: Reading }
  | { readonly kind: 'failed'; readonly error: Error };

export interface OpenRequest {
  readonly service: string;
  readonly functions: readonly string[];
  /** Absent: the colony's default. */
  readonly durationMs?: number;
  readonly captureArgs: boolean;
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
  captureArguments(sessionId: string, on: boolean): Promise<SessionInfo>;
  /** `expiresAtMs` is Unix time. */
  extend(sessionId: string, expiresAtMs: number): Promise<SessionInfo>;
  detach(sessionId: string): Promise<void>;
  /** Calls back until the session ends or the returned function is called. */
  watch(sessionId: string, listen: (event: WatchEvent) => void): () => void;
  sessions(): Promise<readonly DebugSession[]>;
  history(service: string): Promise<readonly PastSession[]>;
  /** The session as it stands: coral.snapshot/1 as JSON text. */
  snapshot(sessionId: string): Promise<string>;
  close(): void;
}
