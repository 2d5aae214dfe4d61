/** Functions in sight whose probe plan is not known yet. */

import { layoutOf } from './layout.js';
import type { State } from './state.js';

/** Names of the Functions view's visible rows without a plan. */
export function unexplainedNames(state: State): readonly string[] {
  const { index, hits } = state.functions ?? {};
  if (index === undefined || hits === undefined || state.view !== 'functions') return [];
  const { top } = state.selections.functions;
  const shown = [...hits.ids.subarray(top, top + layoutOf(state).bodyRows)].map((id) => index.names[id] ?? '');
  return shown.filter((name) => !state.plans.has(name));
}
