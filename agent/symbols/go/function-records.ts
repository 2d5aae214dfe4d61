/** The records of pclntab by row: fixed offsets a layout, read when asked; only addresses are kept as a column. */

import { cString } from '../elf/elf.js';
import { corruptElf } from '../elf/file-bytes.js';
import { entryBytes, type Pclntab, type PclntabLayout } from './pclntab.js';
import { endOfValues, valueAt } from './values.js';

/** Offsets in a record; `line` is -1 where the layout has none. */
interface RecordFields {
  name: number;
  stackDepths: number;
  files: number;
  lines: number;
  valueTables: number;
  unit: number;
  line: number;
  flags: number;
  dataCount: number;
  bytes: number;
}

const FIELDS: Record<PclntabLayout, RecordFields> = {
  '1.20': field(0, 36, 44),
  '1.18': field(0, -1, 40),
  '1.16': field(4, -1, 44),
};

function field(shift: number, line: number, bytes: number): RecordFields {
  return {
    name: 4 + shift,
    stackDepths: 16 + shift,
    files: 20 + shift,
    lines: 24 + shift,
    valueTables: 28 + shift,
    unit: 32 + shift,
    line,
    flags: bytes - 3,
    dataCount: bytes - 1,
    bytes,
  };
}

/** Which of a function's tables: the index in pcdata and in funcdata. */
export const VALUE_TABLE_INLINE_INDEX = 2;
export const FUNCTION_DATA_INLINE_TREE = 3;

const NO_OFFSET = 0xffffffff;

export interface FunctionRecords {
  readonly count: number;
  /** Entry addresses, one more than functions: the last is the end of the text. */
  readonly addresses: Float64Array;
  nameOffset(row: number): number;
  nameAt(offset: number): string;
  file(row: number): string;
  line(row: number): number;
  flags(row: number): number;
  stackDepth(row: number, address: number): number | null;
  /** Bytes of code that the stack depths cover; 0 when the function has none. */
  codeBytes(row: number): number;
  /** Offset of a pcdata table in the value bytes; 0 when the function has none. */
  valueTable(row: number, index: number): number;
  /** Offset of a funcdata item from moduledata.gofunc; null when the function has none. */
  functionData(row: number, index: number): number | null;
  /** The value bytes that `valueTable` points into. */
  readonly values: Buffer;
}

/** Opens the records; `path` is for errors only. */
export function functionRecords(path: string, table: Pclntab, textStart: number): FunctionRecords {
  const { bytes, functionCount: count } = table;
  const fields = FIELDS[table.layout];
  const { addresses, records } = readFunctionTable(path, table, textStart, fields.bytes);
  const values = bytes.subarray(table.valuesAt, table.functionsAt);
  const u32 = (row: number, at: number): number => bytes.readUInt32LE((records[row] as number) + at);
  const u8 = (row: number, at: number): number => bytes[(records[row] as number) + at] as number;
  const valueTable = (row: number, index: number): number =>
    index < u32(row, fields.valueTables) ? word(bytes, (records[row] as number) + fields.bytes + index * 4) : 0;
  // Offset 0 says that there is no table: C functions that Go's linker took in.
  const tableValue = (at: number, pcOffset: number): number | null => (at === 0 ? null : valueAt(values, at, pcOffset));
  const nameAt = (offset: number): string => cString(bytes, table.namesAt + offset);
  return {
    count,
    addresses,
    values,
    nameAt,
    valueTable,
    nameOffset: (row) => u32(row, fields.name),
    flags: (row) => u8(row, fields.flags),
    file: (row) => fileName(table, u32(row, fields.unit), tableValue(u32(row, fields.files), 0)),
    line: (row) => (fields.line >= 0 ? u32(row, fields.line) : Math.max(0, tableValue(u32(row, fields.lines), 0) ?? 0)),
    stackDepth: (row, address) => tableValue(u32(row, fields.stackDepths), address - (addresses[row] as number)),
    codeBytes: (row) => (u32(row, fields.stackDepths) === 0 ? 0 : endOfValues(values, u32(row, fields.stackDepths))),
    functionData(row, index) {
      if (table.layout === '1.16' || index >= u8(row, fields.dataCount)) return null;
      const offset = word(bytes, (records[row] as number) + fields.bytes + (u32(row, fields.valueTables) + index) * 4);
      return offset === NO_OFFSET ? null : offset;
    },
  };
}

/** Entry addresses and where each record lies, checked once so that rows can be read without checks. */
function readFunctionTable(
  path: string,
  table: Pclntab,
  textStart: number,
  recordBytes: number,
): {
  addresses: Float64Array;
  records: Uint32Array;
} {
  const { bytes, functionCount: count, functionsAt } = table;
  const width = entryBytes(table.layout);
  const addresses = new Float64Array(count + 1);
  const records = new Uint32Array(count);
  for (let row = 0; row <= count; row++) {
    const at = functionsAt + row * 2 * width;
    addresses[row] =
      width === 4 ? textStart + bytes.readUInt32LE(at) : bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
    if (row > 0 && (addresses[row] as number) < (addresses[row - 1] as number)) {
      throw corruptElf(path, `pclntab: function ${row} starts before the one in front of it`);
    }
    if (row === count) break;
    const record = functionsAt + bytes.readUInt32LE(at + width);
    if (record + recordBytes > bytes.length)
      throw corruptElf(path, `pclntab: the record of function ${row} lies outside of the table`);
    records[row] = record;
  }
  return { addresses, records };
}

/** File number of a compile unit to name; empty when a number is out of range. */
function fileName(table: Pclntab, unit: number, number: number | null): string {
  if (number === null || number < 0) return '';
  const offset = word(table.bytes, table.unitsAt + (unit + number) * 4);
  return offset === NO_OFFSET ? '' : cString(table.bytes, table.filesAt + offset);
}

/** A 32-bit word, or "no offset" outside of the bytes. */
const word = (bytes: Buffer, at: number): number => (at + 4 <= bytes.length ? bytes.readUInt32LE(at) : NO_OFFSET);
