/** Where things are on the screen: shared by the reducer (to scroll) and the views (to draw). */

import { type State, shownSession } from './state.js';

/** On a smaller screen nothing but its size is shown. */
export const SMALLEST = { columns: 40, rows: 10 } as const;

/** From this many rows of screen on the pane under the Live table takes its share; below, only what is left. */
const ROWS_FOR_PANE = 28;
const FEWEST_PANE_ROWS = 9;
const TABLE_SHARE = 0.42;
const FEWEST_TABLE_ROWS = 4;

/** Rows of the screen, from 0. The last two are the rule (or a notice) and the keys. */
export interface Layout {
  readonly filterY?: number;
  readonly titleY: number;
  readonly bodyY: number;
  readonly bodyRows: number;
  /** First row of the pane below the table, its rule. */
  readonly paneY?: number;
  readonly noticeY: number;
  readonly footerY: number;
}

/** The layout of the current view. */
export function layoutOf(state: State): Layout {
  const filter = state.filters[state.view];
  const hasFilter = filter.open || filter.text !== '';
  const titleY = hasFilter ? 5 : 3;
  const noticeY = state.rows - 2;
  const free = Math.max(1, noticeY - titleY - 1);
  const tableRows = tableRowsOf(state, free);
  return {
    ...(hasFilter ? { filterY: 3 } : {}),
    titleY,
    bodyY: titleY + 1,
    bodyRows: tableRows,
    ...(tableRows < free ? { paneY: titleY + 1 + tableRows } : {}),
    noticeY,
    footerY: state.rows - 1,
  };
}

function tableRowsOf(state: State, free: number): number {
  if (state.view !== 'live') return free;
  const snapshot = shownSession(state)?.reading?.snapshot;
  if (snapshot === undefined) return free;
  const processes = state.byProcess ? snapshot.pids.length : 0;
  const wanted = snapshot.functions.length * (1 + processes) + snapshot.refused.length + 1;
  if (state.rows < ROWS_FOR_PANE) return free - wanted < FEWEST_PANE_ROWS ? free : Math.max(FEWEST_TABLE_ROWS, wanted);
  return Math.max(FEWEST_TABLE_ROWS, Math.min(wanted, Math.floor(free * TABLE_SHARE)));
}

/** Where the list of keys begins, below what is typed and a rule, and how many it has room for. */
export const HELP_Y = 5;
export const rowsOfHelp = (state: State): number => layoutOf(state).noticeY - HELP_Y;

/** The same of a call's sheet, and how wide its lines may be. */
export const SHEET_Y = 3;
export const rowsOfSheet = (state: State): number => layoutOf(state).noticeY - SHEET_Y;
export const columnsOfSheet = (state: State): number => state.columns - 3;
