/** Where a step through rows leads. */

import type { Action } from './action.js';

export type Move = (Action & { type: 'move' })['by'];

/** The index after a step, within `count` rows of which `page` are seen. */
export function moved(by: Move, index: number, page: number, count: number): number {
  const half = Math.max(1, Math.floor(page / 2));
  const targets = {
    'page-up': index - page,
    'page-down': index + page,
    'half-up': index - half,
    'half-down': index + half,
    first: 0,
    last: count - 1,
  };
  return Math.max(0, Math.min(count - 1, typeof by === 'number' ? index + by : targets[by]));
}
