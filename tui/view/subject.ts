import type { SnapshotFunction } from '../../snapshots/document.js';
import type { Session } from '../state/state.js';

/** What the pane is about. */
export interface Subject {
  readonly session: Session;
  readonly f: SnapshotFunction;
}
