/** Everything the screen shows, as one value. Changed only by the reducer; views read it. */

import type { FunctionIndex } from '../../proto/function-index.js';
import type { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import type { FunctionPlan, Service } from '../../proto/gen/coral/live/v1/live.js';
import type { EndReason, SingleCall, Snapshot } from '../../snapshots/document.js';
import type { PastSession, Reading, Wishes } from '../feed/feed.js';
import type { NamePool } from '../search/name-pool.js';
import type { Hits } from '../search/search.js';
import type { CallRow } from '../tables/call-rows.js';
import type { LineEdit } from './line-edit.js';
import type { Trends } from './trends.js';

/** In the order of the tabs. */
export const VIEWS = ['services', 'functions', 'live', 'detail', 'tree', 'history', 'sessions'] as const;
export type View = (typeof VIEWS)[number];

/** The selected row, by identity; `index` and `top` (the first row shown) follow it. */
export interface Selection {
  readonly key?: string;
  readonly index: number;
  readonly top: number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface Filter extends LineEdit {
  /** Letters go into the filter. */
  readonly open: boolean;
}

/** What is known from the last start. */
export interface Memory {
  /** The service last measured: selected in Services. */
  readonly service?: string;
  readonly sorts: Partial<Record<View, Sort>>;
}

export interface FunctionList {
  readonly service: string;
  readonly index?: FunctionIndex;
  readonly pool?: NamePool;
  readonly hits?: Hits;
  readonly error?: string;
}

export interface Session {
  readonly id: string;
  readonly service: string;
  readonly status: 'attaching' | 'running' | 'detaching' | 'ended';
  readonly endReason?: EndReason;
  /** The watch broke: how the session goes on is not known. */
  readonly lost?: true;
  /** Unix time; absent for an ended one. */
  readonly expiresAtMs?: number;
  readonly functions: readonly string[];
  readonly reading?: Reading;
  readonly trends: Trends;
  /** What was last asked for of single calls; the default for someone else's session, whose wishes are not told. */
  readonly wishes: Wishes;
  /** Calls shown singly by function, newest first. */
  readonly singles: ReadonlyMap<string, readonly SingleCall[]>;
  /** When it was last heard of. */
  readonly heardAtMs: number;
  /** The last two documents that tell processes apart, newest first; only while they are shown apart. */
  readonly processes?: readonly Snapshot[];
  /** Someone else's, or opened from a file: leaving does not detach it. */
  readonly borrowed: boolean;
}

export type Tone = 'info' | 'warn';

export interface Notice {
  readonly text: string;
  readonly tone: Tone;
  readonly untilMs: number;
}

export type Overlay =
  | { readonly kind: 'help'; readonly filter: LineEdit; readonly index: number; readonly top: number }
  | { readonly kind: 'command'; readonly line: LineEdit }
  | { readonly kind: 'call'; readonly call: CallRow; readonly top: number };

export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  /** When a list on the screen was last asked for again. */
  readonly polledAtMs: number;
  readonly source: { readonly name: string; readonly live: boolean };
  readonly connection: 'connecting' | 'ready' | 'failed';
  /** Why not ready. */
  readonly connectionDetail: string;
  readonly view: View;
  /** Views that Esc goes back to, last first out. */
  readonly trail: readonly View[];
  readonly services?: readonly Service[];
  readonly service?: string;
  readonly functions?: FunctionList;
  /** By function name, of `service`. */
  readonly plans: ReadonlyMap<string, FunctionPlan>;
  readonly session?: Session;
  /** What the screen keeps showing while data flows on. */
  readonly frozen?: Session;
  readonly sessions?: readonly DebugSession[];
  readonly history?: readonly PastSession[];
  readonly selections: Readonly<Record<View, Selection>>;
  readonly sorts: Readonly<Record<View, Sort>>;
  readonly filters: Readonly<Record<View, Filter>>;
  /** Live shows a row for each process below each function. */
  readonly byProcess: boolean;
  /** Tree nodes whose children are hidden, by path. */
  readonly collapsed: ReadonlySet<string>;
  readonly overlay?: Overlay;
  /** Typed after `:` last; Up brings it back. */
  readonly lastCommand: string;
  readonly notice?: Notice;
  /** Enter was pressed before the rows it acts on had arrived. */
  readonly enterWhenReady?: View;
  readonly quitAsked: boolean;
}

const perView = <T>(value: (view: View) => T): Record<View, T> =>
  Object.fromEntries(VIEWS.map((view) => [view, value(view)])) as Record<View, T>;

const FIRST_SORT: Record<View, Sort> = {
  services: { column: 'service', descending: false },
  functions: { column: 'rank', descending: false },
  live: { column: 'p95', descending: true },
  detail: { column: 'took', descending: true },
  tree: { column: 'total', descending: true },
  history: { column: 'started', descending: true },
  sessions: { column: 'started', descending: true },
};

/** The state before anything has been heard. */
export function initialState(start: Pick<State, 'columns' | 'rows' | 'nowMs' | 'source'>, memory: Memory = { sorts: {} }): State {
  const first = perView((): Selection => ({ index: 0, top: 0 }));
  return {
    ...start,
    polledAtMs: start.nowMs,
    connection: 'connecting',
    connectionDetail: '',
    view: 'services',
    trail: [],
    plans: new Map(),
    selections: memory.service === undefined ? first : { ...first, services: { ...first.services, key: memory.service } },
    sorts: { ...FIRST_SORT, ...memory.sorts },
    filters: perView(() => ({ text: '', cursor: 0, open: false })),
    byProcess: false,
    lastCommand: '',
    collapsed: new Set(),
    quitAsked: false,
  };
}

/** The session as the screen shows it: frozen, or the running one. */
export function shownSession(state: State): Session | undefined {
  return state.frozen ?? state.session;
}
