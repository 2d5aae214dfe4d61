/** What Detail and the pane under Live are about: the function, or its part in one process, that Live has selected. */

import type { SnapshotFunction } from '../../snapshots/document.js';
import { type LiveRow, liveRowsOf } from '../tables/live-table.js';
import { type Session, type State, shownSession } from './state.js';

export interface Subject {
  readonly session: Session;
  readonly f: SnapshotFunction;
  /** Only of this process. */
  readonly pid?: number;
}

/** The subject; the first function where nothing that is measured is selected. */
export function subjectOf(state: State): Subject | undefined {
  const session = shownSession(state);
  if (session?.reading === undefined) return undefined;
  const rows = liveRowsOf(session, state.byProcess).filter(isMeasured);
  const row = rows.find(({ key }) => key === state.selections.live.key) ?? rows[0];
  if (row === undefined) return undefined;
  return { session, f: row.measured, ...(row.pid === undefined ? {} : { pid: row.pid }) };
}

/** Live's selected row where it is a refused function. */
export function selectedRefusal(state: State): LiveRow | undefined {
  const session = shownSession(state);
  if (session?.reading === undefined) return undefined;
  const rows = liveRowsOf(session, state.byProcess);
  return rows.find(({ key, refusal }) => refusal !== undefined && key === state.selections.live.key);
}

const isMeasured = (row: LiveRow): row is LiveRow & { readonly measured: SnapshotFunction } => row.measured !== undefined;
