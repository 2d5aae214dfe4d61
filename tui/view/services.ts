/** Services: what could be probed, what not and why. */

import { cellText } from '../cells/text.js';
import { shownServices } from '../state/list.js';
import type { State } from '../state/state.js';
import { SERVICE_COLUMNS, unprobeableText } from '../tables/service-table.js';
import { tableArea } from './body.js';
import type { Draw } from './draw.js';
import { drawEmpty, drawTable } from './table.js';

export function drawServices(draw: Draw, state: State): void {
  const rows = shownServices(state);
  drawTable(draw, tableArea(state), {
    columns: SERVICE_COLUMNS,
    count: rows.length,
    rowAt: (index) => rows[index],
    selection: state.selections.services,
    sort: state.sorts.services,
    insteadOf: (row, width) => (row.probeable ? undefined : unprobeableText(row, width)),
    insteadRole: 'dim',
  });
  if (rows.length === 0) drawEmpty(draw, tableArea(state), emptyText(state));
}

function emptyText(state: State): string {
  if (!state.source.live) return 'A replayed session: 3 shows its numbers.';
  if (state.connection === 'failed') return `Not connected: ${cellText(state.connectionDetail)}. F5 tries again.`;
  if (state.services === undefined) return 'Looking for processes…';
  return state.filters.services.text === '' ? 'No process that could be probed was found.' : 'No service fits the filter.';
}
