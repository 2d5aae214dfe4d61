/** Go's pc-value tables: what holds (stack depth, file, line, inline index) from one address to the next. */

/** Calls `visit` for each run [startPc, endPc) of one value, offsets from the function's start; stop with false. */
export function walkValues(bytes: Buffer, at: number, visit: (value: number, startPc: number, endPc: number) => boolean): void {
  let value = -1;
  let pc = 0;
  const cursor = { bytes, at };
  for (let first = true; cursor.at < bytes.length; first = false) {
    const valueDelta = readVarint(cursor);
    if (valueDelta === 0 && !first) return;
    value += (valueDelta & 1) !== 0 ? -(valueDelta >>> 1) - 1 : valueDelta >>> 1;
    const endPc = pc + readVarint(cursor);
    if (!visit(value, pc, endPc)) return;
    pc = endPc;
  }
}

/** The value at an offset from the function's start; null where the table has none. */
export function valueAt(bytes: Buffer, at: number, pcOffset: number): number | null {
  let found: number | null = null;
  walkValues(bytes, at, (value, startPc, endPc) => {
    if (pcOffset >= startPc && pcOffset < endPc) found = value;
    return pcOffset >= endPc;
  });
  return found;
}

/** The largest value of a table; -1 when it is empty. */
export function largestValue(bytes: Buffer, at: number): number {
  let largest = -1;
  walkValues(bytes, at, (value) => {
    if (value > largest) largest = value;
    return true;
  });
  return largest;
}

/** Where a table ends, bytes from the function's start; 0 when it is empty. */
export function endOfValues(bytes: Buffer, at: number): number {
  let end = 0;
  walkValues(bytes, at, (_value, _startPc, endPc) => {
    end = endPc;
    return true;
  });
  return end;
}

function readVarint(cursor: { bytes: Buffer; at: number }): number {
  let result = 0;
  for (let shift = 0; shift < 35 && cursor.at < cursor.bytes.length; shift += 7) {
    const byte = cursor.bytes[cursor.at++] as number;
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return result >>> 0;
}
