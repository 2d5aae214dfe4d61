/** Tree: who called whom, with total and self time as bars. */

import { shownTree } from '../state/list.js';
import { isStale } from '../state/stale.js';
import { type State, shownSession } from '../state/state.js';
import { TREE_COLUMNS } from '../tables/tree-table.js';
import { tableArea } from './body.js';
import type { Draw } from './draw.js';
import { drawEmpty, drawTable } from './table.js';

export function drawTree(draw: Draw, state: State): void {
  const rows = shownTree(state);
  drawTable(draw, tableArea(state), {
    columns: TREE_COLUMNS,
    count: rows.length,
    rowAt: (index) => rows[index],
    selection: state.selections.tree,
    sort: state.sorts.tree,
    quiet: isStale(state, shownSession(state)),
  });
  if (rows.length === 0)
    drawEmpty(draw, tableArea(state), 'No call has been seen yet. The tree joins the attached functions; a attaches more.');
}
