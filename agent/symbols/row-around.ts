/** Which function an address lies in. */

import type { FunctionTable } from './image.js';

/** The row whose body holds a linked address; -1: none. */
export function rowAround({ count, address, size }: Pick<FunctionTable, 'count' | 'address' | 'size'>, at: number): number {
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (address(middle) <= at) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0 && at < address(high) + size(high) ? high : -1;
}
