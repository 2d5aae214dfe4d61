/** Sessions of everyone, and past ones of the history. */

import { shownHistory, shownSessions } from '../state/list.js';
import type { State } from '../state/state.js';
import { HISTORY_COLUMNS, SESSION_COLUMNS, type SessionRow } from '../tables/session-table.js';
import { tableArea } from './body.js';
import type { Draw } from './draw.js';
import { drawEmpty, drawTable } from './table.js';

export function drawSessions(draw: Draw, state: State): void {
  const empty = state.sessions === undefined ? 'Asking…' : 'No session is active or recent.';
  drawRows(draw, state, 'sessions', shownSessions(state), empty);
}

export function drawHistory(draw: Draw, state: State): void {
  drawRows(draw, state, 'history', shownHistory(state), noHistoryText(state));
}

function noHistoryText({ service, session, history }: State): string {
  if (service === undefined && session === undefined) return 'Choose a service first.';
  return history === undefined ? 'Reading the history…' : 'No past session of this service.';
}

function drawRows(draw: Draw, state: State, view: 'sessions' | 'history', rows: readonly SessionRow[], empty: string): void {
  drawTable(draw, tableArea(state), {
    columns: view === 'history' ? HISTORY_COLUMNS : SESSION_COLUMNS,
    count: rows.length,
    rowAt: (index) => rows[index],
    selection: state.selections[view],
    sort: state.sorts[view],
  });
  if (rows.length === 0)
    drawEmpty(draw, tableArea(state), state.filters[view].text === '' ? empty : 'No session fits the filter.');
}
