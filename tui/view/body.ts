/** The area of a view's table, titles included. */

import { layoutOf } from '../state/layout.js';
import type { State } from '../state/state.js';
import type { Area } from './draw.js';

export function tableArea(state: State): Area {
  const { titleY, bodyRows } = layoutOf(state);
  return { x: 0, y: titleY, width: state.columns, height: bodyRows + 1 };
}
