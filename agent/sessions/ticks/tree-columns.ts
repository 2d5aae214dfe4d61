/** The call tree's columns of a tick. Pure. */

import type { TreeColumns, TreeStart } from '../../../proto/gen/coral/live/v1/live.js';
import type { NodeColumns } from '../../kernel/kernel.js';
import { bytesOf, pick, pick32 } from './packed.js';

const OTHER_NODE = 1; // CORAL_NODE_OTHER
const OTHER_ROW = 0xffff_ffff;

/** Name of the function that has the `go` statement in front of an address of a slot's process; empty where it is not known. */
export type NameStarter = (slot: number, address: bigint) => string;

/** The chosen nodes, by their index in `nodes`. */
export function packTree(
  nodes: NodeColumns,
  open: BigUint64Array,
  rows: readonly number[],
  nameStarter: NameStarter,
): TreeColumns {
  const row = Uint32Array.from(rows, (i) => (nodes.id[i] === OTHER_NODE ? OTHER_ROW : nodes.slot[i]!));
  return {
    id: pick32(nodes.id, rows),
    parent: pick32(nodes.parent, rows),
    row: bytesOf(row),
    calls: pick(nodes.calls, rows),
    totalNs: pick(nodes.totalNs, rows),
    selfNs: pick(nodes.selfNs, rows),
    open: pick(open, rows),
    starts: rows.flatMap((i) => startOf(nodes, i, nameStarter)),
  };
}

/** The runtime's own goroutines, main.main's among them, are started by nobody whom the program knows. */
function startOf({ id, slot, calls, starter }: NodeColumns, i: number, nameStarter: NameStarter): TreeStart[] {
  const name = starter[i] ? nameStarter(slot[i]!, starter[i]) : '';
  return name === '' || name.startsWith('runtime.') ? [] : [{ id: id[i]!, function: name, calls: Number(calls[i]) }];
}
