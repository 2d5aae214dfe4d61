/** How a session is shown while it runs and at its end; one printer a format. */

import type { Notice, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import type { SingleCall, Snapshot } from '../../snapshots/document.js';
import type { TickView } from './tick-view.js';

export interface Printer {
  /** Every probe is armed. */
  opened(info: SessionInfo): void;
  ticked(view: TickView): void;
  /** A call that is shown singly; absent where none is, which saves the colony sending them. */
  called?(call: SingleCall): void;
  noticed(notice: Notice): void;
  /** `text` is the document as it came. */
  ended(snapshot: Snapshot, text: string): void;
}

export type Format = 'table' | 'json' | 'ndjson';
