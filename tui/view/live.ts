/** Live: a row a probed function, and the selected one's detail below where there is room. */

import { cellText } from '../cells/text.js';
import { layoutOf } from '../state/layout.js';
import { shownLive } from '../state/list.js';
import { isStale } from '../state/stale.js';
import { type State, shownSession } from '../state/state.js';
import { LIVE_COLUMNS, refusalText } from '../tables/live-table.js';
import { tableArea } from './body.js';
import { drawPane } from './detail.js';
import type { Draw } from './draw.js';
import { drawEmpty, drawTable } from './table.js';

export function drawLive(draw: Draw, state: State): void {
  const rows = shownLive(state);
  drawTable(draw, tableArea(state), {
    columns: LIVE_COLUMNS,
    count: rows.length,
    rowAt: (index) => rows[index],
    selection: state.selections.live,
    sort: state.sorts.live,
    quiet: isStale(state, shownSession(state)),
    insteadOf: (row, width) => (row.refusal === undefined ? undefined : refusalText(row, width)),
  });
  if (rows.length === 0) drawEmpty(draw, tableArea(state), emptyText(state));
  const { paneY, noticeY } = layoutOf(state);
  if (paneY !== undefined) drawPane(draw, state, { x: 0, y: paneY, width: state.columns, height: noticeY - paneY });
}

function emptyText(state: State): string {
  const session = shownSession(state);
  if (session === undefined) return 'Nothing is attached. 2 lists the functions; Enter on one measures it.';
  if (session.status === 'attaching')
    return `Attaching to ${session.functions.length} of ${cellText(session.service)}'s functions…`;
  return session.reading === undefined ? 'Waiting for the first numbers…' : 'No function fits the filter.';
}
