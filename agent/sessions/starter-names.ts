/** Names of the functions whose `go` statements started goroutines. */

import type { FunctionTable } from '../symbols/image.js';
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

function rowAround(functions: FunctionTable, address: number): number {
  for (let row = 0; row < functions.count; row++) {
    const start = functions.address(row);
    if (address >= start && address < start + functions.size(row)) return row;
  }
  return -1;
}
