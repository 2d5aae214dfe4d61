/** Batches of calls that are shown singly: how many, and from an agent's slots to the session's rows. Pure. */

import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import { packU32, rowsIn, unpackU32 } from '../../snapshots/columns/words.js';

export const callCount = (batch: CallBatch): number => rowsIn(batch.row, 'row');

/** The batch with rows in place of slots. */
export function withRows(bySlot: CallBatch, agentId: string, rows: ArrayLike<number>): CallBatch {
  const slots = unpackU32(bySlot.row, callCount(bySlot), 'row');
  return { ...bySlot, agentId, row: packU32(slots.map((slot) => rows[slot] ?? 0xffff_ffff)) };
}

/** About how large the batch is on the wire, in bytes. */
export function batchBytes(batch: CallBatch): number {
  const values = batch.values.reduce((sum, value) => sum + value.arguments.length + value.results.length, 0);
  return callCount(batch) * 48 + values;
}
