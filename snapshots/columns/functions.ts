import type { FunctionColumns } from '../../proto/gen/coral/live/v1/live.js';
import type { SparseHistogram } from '../histogram/arithmetic.js';
import { packHistograms, unpackHistograms } from '../histogram/packing.js';
import { packU32, packU64, rowsIn, unpackCounts, unpackU32, unpackU64 } from './words.js';

/** `minNs` of a row without returns. */
export const NO_MIN_NS = 0xffff_ffff_ffff_ffffn;

/** Bits of `estimated`. */
export const LATENCY_WINDOWED = 1;
export const CALLS_WINDOWED = 2;

/** FunctionColumns unpacked; every column has one value a row. */
export interface FunctionTable {
  row: Uint32Array;
  calls: Float64Array;
  returns: Float64Array;
  inFlight: Float64Array;
  unwound: Float64Array;
  untracked: Float64Array;
  joinedMidCall: Float64Array;
  sumNs: BigUint64Array;
  /** NO_MIN_NS: no return yet. */
  minNs: BigUint64Array;
  maxNs: Float64Array;
  /** LATENCY_WINDOWED, CALLS_WINDOWED. */
  estimated: Uint32Array;
  callsError: Float64Array;
  histograms: SparseHistogram[];
}

/** What packFunctions takes: any arrays of whole numbers, as the kernel's columns or a table's. */
export type FunctionColumnsInput = {
  [K in Exclude<keyof FunctionTable, 'histograms' | 'estimated' | 'callsError'>]: ArrayLike<number | bigint>;
} & {
  estimated?: ArrayLike<number>;
  callsError?: ArrayLike<number | bigint>;
  histograms: readonly (SparseHistogram | Float64Array | BigUint64Array)[];
};

/** Packs the functions of a tick. */
export function packFunctions(table: FunctionColumnsInput): FunctionColumns {
  return {
    row: packU32(Array.from(table.row, Number)),
    calls: packU64(table.calls),
    returns: packU64(table.returns),
    inFlight: packU64(table.inFlight),
    unwound: packU64(table.unwound),
    untracked: packU64(table.untracked),
    joinedMidCall: packU64(table.joinedMidCall),
    sumNs: packU64(table.sumNs),
    minNs: packU64(table.minNs),
    maxNs: packU64(table.maxNs),
    histograms: packHistograms(table.histograms),
    estimated: packU32(table.estimated ?? []),
    callsError: packU64(table.callsError ?? []),
  };
}

/** Unpacks the functions of a tick; throws INTERNAL when a column's length or a value does not fit. */
export function unpackFunctions(columns: FunctionColumns): FunctionTable {
  const rows = rowsIn(columns.row, 'row');
  const counts = (
    column: 'calls' | 'returns' | 'inFlight' | 'unwound' | 'untracked' | 'joinedMidCall' | 'maxNs' | 'callsError',
  ) => unpackCounts(columns[column], rows, column);
  return {
    row: unpackU32(columns.row, rows, 'row'),
    calls: counts('calls'),
    returns: counts('returns'),
    inFlight: counts('inFlight'),
    unwound: counts('unwound'),
    untracked: counts('untracked'),
    joinedMidCall: counts('joinedMidCall'),
    sumNs: unpackU64(columns.sumNs, rows, 'sumNs'),
    minNs: unpackU64(columns.minNs, rows, 'minNs'),
    maxNs: counts('maxNs'),
    estimated: unpackU32(columns.estimated, rows, 'estimated'),
    callsError: counts('callsError'),
    histograms: columns.histograms.length === 0 ? none(rows) : unpackHistograms(columns.histograms, rows),
  };
}

const none = (rows: number): SparseHistogram[] =>
  Array.from({ length: rows }, () => ({ bucket: new Uint32Array(0), count: new Float64Array(0) }));
