/** The slots' columns of a tick. Pure. */

import type { FunctionColumns } from '../../../proto/gen/coral/live/v1/live.js';
import type { SlotReading } from '../reading.js';
import { bytesOf, pick, pick32 } from './packed.js';

const HISTOGRAM_ENTRY_BYTES = 12;

/** The chosen rows, with their histograms packed sparsely. */
export function packFunctions(
  slots: SlotReading,
  rows: readonly number[],
  histogram: (slot: number) => BigUint64Array,
): FunctionColumns {
  return {
    row: bytesOf(Uint32Array.from(rows)),
    calls: pick(slots.calls, rows),
    returns: pick(slots.returns, rows),
    inFlight: pick(slots.inFlight, rows),
    unwound: pick(slots.unwound, rows),
    untracked: pick(slots.untracked, rows),
    joinedMidCall: pick(slots.joinedMidCall, rows),
    sumNs: pick(slots.sumNs, rows),
    minNs: pick(slots.minNs, rows),
    maxNs: pick(slots.maxNs, rows),
    histograms: Buffer.concat(rows.map((row) => packHistogram(histogram(row)))),
    estimated: pick32(slots.estimated, rows),
    callsError: pick(slots.callsError, rows),
  };
}

/** u32 number of non-empty buckets, then (u32 bucket, u64 count) each. */
export function packHistogram(buckets: BigUint64Array): Buffer {
  const filled = filledBuckets(buckets);
  const packed = Buffer.allocUnsafe(4 + filled.length * HISTOGRAM_ENTRY_BYTES);
  packed.writeUInt32LE(filled.length, 0);
  filled.forEach((bucket, i) => {
    packed.writeUInt32LE(bucket, 4 + i * HISTOGRAM_ENTRY_BYTES);
    packed.writeBigUInt64LE(buckets[bucket]!, 8 + i * HISTOGRAM_ENTRY_BYTES);
  });
  return packed;
}

/** Looked through as 32-bit words: nearly all buckets are empty. */
function filledBuckets(buckets: BigUint64Array): number[] {
  const words = new Uint32Array(buckets.buffer, buckets.byteOffset, buckets.length * 2);
  const filled: number[] = [];
  for (let i = 0; i < words.length; i += 2) {
    if ((words[i]! | words[i + 1]!) !== 0) filled.push(i >> 1);
  }
  return filled;
}
