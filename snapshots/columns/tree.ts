import type { TreeColumns, TreeStart } from '../../proto/gen/coral/live/v1/live.js';
import { packU32, packU64, rowsIn, unpackCounts, unpackU32, unpackU64 } from './words.js';

/** `row` of the node that holds what found no node of its own. */
export const OTHER_ROW = 0xffff_ffff;

/** TreeColumns unpacked. `id` is above 0; parent 0 is a root. */
export interface TreeTable {
  id: Uint32Array;
  parent: Uint32Array;
  row: Uint32Array;
  calls: Float64Array;
  totalNs: BigUint64Array;
  selfNs: BigUint64Array;
  open: Float64Array;
  /** What started the goroutines of roots; a root may have several starters. */
  starts: readonly TreeStart[];
}

/** TreeTable with columns of plain numbers. */
type PlainTree = { [K in Exclude<keyof TreeTable, 'starts'>]: ArrayLike<number | bigint> } & { starts: readonly TreeStart[] };

/** Packs the call tree of a tick. */
export function packTree({ starts, ...table }: PlainTree): TreeColumns {
  return {
    id: packU32(Array.from(table.id, Number)),
    parent: packU32(Array.from(table.parent, Number)),
    row: packU32(Array.from(table.row, Number)),
    calls: packU64(table.calls),
    totalNs: packU64(table.totalNs),
    selfNs: packU64(table.selfNs),
    open: packU64(table.open),
    starts: [...starts],
  };
}

/** Unpacks the call tree of a tick; throws INTERNAL when a column's length or a value does not fit. */
export function unpackTree(columns: TreeColumns): TreeTable {
  const rows = rowsIn(columns.id, 'id');
  return {
    id: unpackU32(columns.id, rows, 'id'),
    parent: unpackU32(columns.parent, rows, 'parent'),
    row: unpackU32(columns.row, rows, 'row'),
    calls: unpackCounts(columns.calls, rows, 'calls'),
    totalNs: unpackU64(columns.totalNs, rows, 'totalNs'),
    selfNs: unpackU64(columns.selfNs, rows, 'selfNs'),
    open: unpackCounts(columns.open, rows, 'open'),
    starts: columns.starts,
  };
}
