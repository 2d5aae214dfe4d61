import { CoralError } from '../../proto/errors.js';
import { type Histogram, type SparseHistogram, toSparse } from './arithmetic.js';
import { BUCKET_COUNT } from './buckets.js';

const HEAD_BYTES = 4;
const PAIR_BYTES = 12;

/** Packs histograms as FunctionColumns.histograms: each a u32 number of buckets, then (u32 bucket, u64 count) pairs. */
export function packHistograms(histograms: readonly (SparseHistogram | Histogram | BigUint64Array)[]): Buffer {
  const sparse = histograms.map((histogram) => ('bucket' in histogram ? histogram : toSparse(histogram)));
  const pairs = sparse.reduce((sum, { bucket }) => sum + bucket.length, 0);
  const packed = Buffer.alloc(sparse.length * HEAD_BYTES + pairs * PAIR_BYTES);
  let at = 0;
  for (const { bucket, count } of sparse) {
    at = packed.writeUInt32LE(bucket.length, at);
    bucket.forEach((index, i) => {
      at = packed.writeUInt32LE(index, at);
      at = packed.writeBigUInt64LE(BigInt(count[i]!), at);
    });
  }
  return packed;
}

/** Unpacks `rows` histograms; throws INTERNAL when the bytes are not exactly that. */
export function unpackHistograms(packed: Uint8Array, rows: number): SparseHistogram[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 0;
  const histograms = Array.from({ length: rows }, () => {
    const pairs = at + HEAD_BYTES <= view.byteLength ? view.getUint32(at, true) : malformed('cut');
    at += HEAD_BYTES;
    if (pairs > BUCKET_COUNT || at + pairs * PAIR_BYTES > view.byteLength) malformed(`${pairs} buckets announced`);
    const histogram = readPairs(view, at, pairs);
    at += pairs * PAIR_BYTES;
    return histogram;
  });
  if (at !== view.byteLength) malformed(`${view.byteLength - at} bytes too many`);
  return histograms;
}

function readPairs(view: DataView, start: number, pairs: number): SparseHistogram {
  const bucket = new Uint32Array(pairs);
  const count = new Float64Array(pairs);
  for (let i = 0; i < pairs; i++) {
    const at = start + i * PAIR_BYTES;
    bucket[i] = view.getUint32(at, true);
    count[i] = view.getUint32(at + 4, true) + view.getUint32(at + 8, true) * 2 ** 32;
    const ascending = i === 0 || bucket[i]! > bucket[i - 1]!;
    if (!ascending || bucket[i]! >= BUCKET_COUNT) malformed(`bucket ${bucket[i]} out of order or range`);
    if (!Number.isSafeInteger(count[i])) malformed(`count of bucket ${bucket[i]} is above 2^53`);
  }
  return { bucket, count };
}

function malformed(what: string): never {
  throw new CoralError('INTERNAL', `packed histograms are malformed: ${what}`);
}
