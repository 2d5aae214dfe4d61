/** Functions: the whole index, filtered as one types. */

import { cellText } from '../cells/text.js';
import { lastP95 } from '../state/last-p95.js';
import type { State } from '../state/state.js';
import { FUNCTION_COLUMNS, type FunctionRow, functionRow } from '../tables/function-table.js';
import { tableArea } from './body.js';
import type { Draw } from './draw.js';
import { drawEmpty, drawTable } from './table.js';

export function drawFunctions(draw: Draw, state: State): void {
  const hits = state.functions?.hits;
  drawTable<FunctionRow>(draw, tableArea(state), {
    columns: FUNCTION_COLUMNS,
    count: hits?.ids.length ?? 0,
    rowAt: (index) => rowAt(state, index),
    selection: state.selections.functions,
    sort: state.sorts.functions,
  });
  const empty = emptyText(state);
  if (empty !== undefined) drawEmpty(draw, tableArea(state), empty);
}

function rowAt(state: State, at: number): FunctionRow | undefined {
  const { index, hits } = state.functions ?? {};
  const id = hits?.ids[at];
  if (index === undefined || hits === undefined || id === undefined) return undefined;
  const name = index.names[id] ?? '';
  const plan = state.plans.get(name);
  const last = lastP95(state, name);
  return functionRow(index, id, {
    query: hits.query,
    attached: state.session?.functions.includes(name) ?? false,
    ...(plan === undefined ? {} : { plan }),
    ...(last === undefined ? {} : { lastP95Ns: last }),
  });
}

function emptyText(state: State): string | undefined {
  const { functions } = state;
  if (functions === undefined) return 'Choose a service first: 1, then Enter on it.';
  if (functions.error !== undefined)
    return `The functions of ${cellText(functions.service)} cannot be read: ${cellText(functions.error)}`;
  if (functions.index === undefined) return `Reading the functions of ${cellText(functions.service)}…`;
  return functions.hits?.total === 0 ? 'No function fits. Backspace widens; Esc clears.' : undefined;
}
