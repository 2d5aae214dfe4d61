/** Where a step through rows leads. */

import type { Action } from './action.js';

export type Move = (Action & { type: 'move' })['by'];

/** The selected row, and the first one that is shown. */
export interface Place {
  readonly index: number;
  readonly top: number;
}

/** The place after a step among `count` rows of which `page` are seen; a page turns what is seen, too. */
export function moved(by: Move, { index, top }: Place, page: number, count: number): Place {
  const half = Math.max(1, Math.floor(page / 2));
  const steps = {
    'page-up': -page,
    'page-down': page,
    'half-up': -half,
    'half-down': half,
    first: -index,
    last: count - 1 - index,
  };
  const step = typeof by === 'number' ? by : steps[by];
  const to = Math.max(0, Math.min(count - 1, index + step));
  return { index: to, top: topFor(typeof by === 'number' ? top : top + step, to, count, page) };
}

/** The first row shown, so that the selected one is seen and no room is left below while there are rows above. */
export function topFor(top: number, index: number, count: number, page: number): number {
  const within = Math.max(0, Math.min(count - page, top));
  if (index < within) return index;
  return index >= within + page ? index - page + 1 : within;
}
