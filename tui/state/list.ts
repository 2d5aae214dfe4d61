/** The rows of the current view in the order shown, as identities: what selection, scrolling and views agree on. */

import { buildNamePool } from '../search/name-pool.js';
import { Search } from '../search/search.js';
import { type CallRow, callRows } from '../tables/call-rows.js';
import { type Column, comparatorOf } from '../tables/column.js';
import { LIVE_COLUMNS, type LiveRow, liveRowsOf } from '../tables/live-table.js';
import { SERVICE_COLUMNS, type ServiceRow, serviceRows } from '../tables/service-table.js';
import { SESSION_COLUMNS, type SessionRow, sessionRows } from '../tables/session-table.js';
import { type TreeRow, treeRows } from '../tables/tree-table.js';
import { type State, shownSession, type View } from './state.js';
import { subjectOf } from './subject.js';

export interface List {
  readonly count: number;
  keyAt(index: number): string | undefined;
}

const listOf = (rows: readonly { readonly key: string }[]): List => ({
  count: rows.length,
  keyAt: (index) => rows[index]?.key,
});

/** The current view's list. */
export function currentList(state: State): List {
  return LISTS[state.view](state);
}

const LISTS: Record<View, (state: State) => List> = {
  services: (state) => listOf(shownServices(state)),
  functions: functionNames,
  live: (state) => listOf(shownLive(state)),
  detail: (state) => listOf(shownCalls(state)),
  tree: (state) => listOf(shownTree(state)),
  history: (state) => listOf(shownHistory(state)),
  sessions: (state) => listOf(shownSessions(state)),
};

function functionNames(state: State): List {
  const { index, hits } = state.functions ?? {};
  if (index === undefined || hits === undefined) return listOf([]);
  return { count: hits.ids.length, keyAt: (at) => (at < hits.ids.length ? index.names[hits.ids[at] ?? 0] : undefined) };
}

/** Services in the order chosen; what cannot be probed is always last. */
export const shownServices = (state: State): readonly ServiceRow[] => {
  const all = sorted(state, 'services', serviceRows(state.services ?? []), SERVICE_COLUMNS);
  const rows = [...all.filter((row) => row.probeable), ...all.filter((row) => !row.probeable)];
  return filtered(state, 'services', rows, (row) => `${row.service} ${row.pids.join(' ')} ${row.language}`);
};

/** The Live rows of the session on the screen. */
export function shownLive(state: State): readonly LiveRow[] {
  const session = shownSession(state);
  if (session?.reading === undefined) return [];
  const all = liveRowsOf(session, state.byProcess);
  const whole = all.filter((row) => row.pid === undefined);
  const rows = filtered(state, 'live', sorted(state, 'live', whole, LIVE_COLUMNS), (row) => row.name);
  if (!state.byProcess) return rows;
  const parts = partsByName(all);
  return rows.flatMap((row) => [row, ...(parts.get(row.name) ?? [])]);
}

function partsByName(rows: readonly LiveRow[]): ReadonlyMap<string, readonly LiveRow[]> {
  const parts = new Map<string, LiveRow[]>();
  for (const row of rows) {
    if (row.pid !== undefined) parts.set(row.name, [...(parts.get(row.name) ?? []), row]);
  }
  return parts;
}

/** The single calls of Detail's function. */
export function shownCalls(state: State): readonly CallRow[] {
  const subject = subjectOf(state);
  if (subject === undefined) return [];
  const { session, f, pid } = subject;
  return callRows(session, { name: f.name, ...(pid === undefined ? {} : { pid }) });
}

/** The tree of the session on the screen, in drawing order. */
export function shownTree(state: State): readonly TreeRow[] {
  const reading = shownSession(state)?.reading;
  if (reading === undefined) return [];
  const { column } = state.sorts.tree;
  const rows = treeRows(reading.snapshot, state.collapsed, column === 'self' || column === 'calls' ? column : 'total');
  return filtered(state, 'tree', rows, (row) => row.name);
}

/** Active and recent sessions of everyone. */
export function shownSessions(state: State): readonly SessionRow[] {
  const rows = sorted(state, 'sessions', sessionRows(state.sessions ?? [], state.nowMs), SESSION_COLUMNS);
  return filtered(state, 'sessions', rows, (row) => `${row.session.serviceName} ${row.session.functionName} ${row.key}`);
}

/** Past sessions of the service. */
export function shownHistory(state: State): readonly SessionRow[] {
  const past = (state.history ?? []).map((entry) => entry.session);
  const rows = sorted(state, 'history', sessionRows(past, state.nowMs), SESSION_COLUMNS);
  return filtered(state, 'history', rows, (row) => `${row.session.serviceName} ${row.session.functionName} ${row.key}`);
}

function sorted<R>(state: State, view: View, rows: readonly R[], columns: readonly Column<R>[]): readonly R[] {
  const { column, descending } = state.sorts[view];
  const compare = comparatorOf(
    columns.find((candidate) => candidate.id === column),
    descending,
  );
  return compare === undefined ? rows : [...rows].sort(compare);
}

function filtered<R>(state: State, view: View, rows: readonly R[], textOf: (row: R) => string): readonly R[] {
  const { text } = state.filters[view];
  if (text.trim() === '') return rows;
  const search = new Search(buildNamePool(rows.map(textOf)), text);
  search.step(Number.POSITIVE_INFINITY);
  const kept = new Set(search.hits().ids);
  return rows.filter((_, i) => kept.has(i));
}
