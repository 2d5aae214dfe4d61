/** What a key means, as a value; and what the reducer asks the outside to do. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { FunctionPlan, Service, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';
import type { FeedStatus, PastSession, WatchEvent, Wishes } from '../feed/feed.js';
import type { NamePool } from '../search/name-pool.js';
import type { Hits } from '../search/search.js';
import type { LineEdit } from './line-edit.js';
import type { State, Tone, View } from './state.js';

export type Action =
  | { readonly type: 'move'; readonly by: number | 'page-up' | 'page-down' | 'half-up' | 'half-down' | 'first' | 'last' }
  | { readonly type: 'select'; readonly index: number }
  | { readonly type: 'enter' }
  | { readonly type: 'back' }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'next-view'; readonly by: 1 | -1 }
  | { readonly type: 'filter' }
  | { readonly type: 'edit'; readonly line: LineEdit }
  | { readonly type: 'sort'; readonly by: 1 | -1 }
  | { readonly type: 'invert' }
  | { readonly type: 'freeze' }
  | { readonly type: 'attach' }
  | { readonly type: 'attach-names'; readonly names: readonly string[] }
  | { readonly type: 'detach' }
  | { readonly type: 'extend' }
  | { readonly type: 'capture'; readonly on?: boolean }
  /** What single calls are shown, and what they may cost; a wrong value says so. */
  | { readonly type: 'wish'; readonly wishes: Partial<Wishes>; readonly said: string }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'by-process' }
  | { readonly type: 'next-function'; readonly by: 1 | -1 }
  | { readonly type: 'snapshot' }
  | { readonly type: 'copy' }
  | { readonly type: 'editor' }
  | { readonly type: 'collapse' }
  | { readonly type: 'help' }
  | { readonly type: 'command' }
  | { readonly type: 'refresh' }
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  | { readonly type: 'quit' };

export type Event =
  | { readonly type: 'action'; readonly action: Action }
  | { readonly type: 'tick' }
  | { readonly type: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly type: 'connecting' }
  | { readonly type: 'connected'; readonly status: FeedStatus }
  | { readonly type: 'disconnected'; readonly detail: string }
  | { readonly type: 'show-service'; readonly service: string }
  | { readonly type: 'show-session'; readonly sessionId: string }
  | {
      readonly type: 'measure';
      readonly service: string;
      readonly functions: readonly string[];
      readonly durationMs?: number;
    }
  | { readonly type: 'services'; readonly services: readonly Service[] }
  | { readonly type: 'functions'; readonly service: string; readonly index: FunctionIndex; readonly pool: NamePool }
  | { readonly type: 'functions-failed'; readonly service: string; readonly message: string }
  | { readonly type: 'hits'; readonly hits: Hits }
  | { readonly type: 'plans'; readonly service: string; readonly plans: readonly FunctionPlan[] }
  | { readonly type: 'opened'; readonly info: SessionInfo }
  | { readonly type: 'change-failed'; readonly sessionId: string; readonly before: Wishes; readonly message: string }
  | { readonly type: 'processes'; readonly sessionId: string; readonly snapshot: Snapshot }
  | { readonly type: 'attach-failed'; readonly message: string }
  | { readonly type: 'detach-failed'; readonly message: string }
  | { readonly type: 'watched'; readonly sessionId: string; readonly event: WatchEvent }
  | { readonly type: 'sessions'; readonly sessions: readonly DebugSession[] }
  | { readonly type: 'history'; readonly history: readonly PastSession[] }
  | { readonly type: 'notice'; readonly text: string; readonly tone: Tone };

export type Effect =
  | { readonly type: 'load-services' }
  | { readonly type: 'load-functions'; readonly service: string }
  | { readonly type: 'load-sessions' }
  | { readonly type: 'load-history'; readonly service: string }
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'explain'; readonly service: string; readonly names: readonly string[] }
  | {
      readonly type: 'attach';
      readonly service: string;
      readonly functions: readonly string[];
      readonly durationMs?: number;
      readonly wishes: Wishes;
    }
  | { readonly type: 'add'; readonly sessionId: string; readonly functions: readonly string[] }
  | { readonly type: 'change'; readonly sessionId: string; readonly wishes: Wishes; readonly before: Wishes }
  | { readonly type: 'load-processes'; readonly sessionId: string }
  | { readonly type: 'watch'; readonly sessionId: string }
  | { readonly type: 'extend'; readonly sessionId: string; readonly expiresAtMs: number }
  | { readonly type: 'detach'; readonly sessionId: string }
  | { readonly type: 'snapshot'; readonly sessionId: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'editor'; readonly file: string; readonly line: number }
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  | { readonly type: 'quit' };

/** A state and what it asks for. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}
