/** Names of the functions whose `go` statements started goroutines. */

import { rowAround } from '../symbols/row-around.js';
import type { PlannedSlot } from './plan/plan-part.js';
import type { NameStarter } from './ticks/tree-columns.js';

/** Of a session's slots, which may grow. Programs have few `go` statements: each is looked up once a slot. */
export function starterNames(slots: readonly PlannedSlot[]): NameStarter {
  const known = new Map<string, string>();
  return (slot, address) => {
    const key = `${slot} ${address}`;
    const name = known.get(key) ?? nameOf(slots[slot]!, address);
    known.set(key, name);
    return name;
  };
}

function nameOf({ mapped: { image, bias } }: PlannedSlot, address: bigint): string {
  const row = bias === null ? -1 : rowAround(image.functions, Number(address) - bias - 1); // behind the statement's call
  return row < 0 ? '' : image.functions.name(row);
}
