/** The call tree's columns of a tick. Pure. */

import type { TreeColumns } from '../../proto/gen/coral/live/v1/live.js';
import type { NodeColumns } from '../kernel/kernel.js';
import { bytesOf, pick, pick32 } from './packed.js';

const OTHER_NODE = 1; // CORAL_NODE_OTHER
const OTHER_ROW = 0xffff_ffff;

/** The chosen nodes, by their index in `nodes`. */
export function packTree(nodes: NodeColumns, open: BigUint64Array, rows: readonly number[]): TreeColumns {
  const row = Uint32Array.from(rows, (i) => (nodes.id[i] === OTHER_NODE ? OTHER_ROW : nodes.slot[i]!));
  return {
    id: pick32(nodes.id, rows),
    parent: pick32(nodes.parent, rows),
    row: bytesOf(row),
    calls: pick(nodes.calls, rows),
    totalNs: pick(nodes.totalNs, rows),
    selfNs: pick(nodes.selfNs, rows),
    open: pick(open, rows),
  };
}
