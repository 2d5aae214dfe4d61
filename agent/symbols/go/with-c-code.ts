/** A Go program that was linked with C code: Go's own table tells its functions, ELF symbols those around them. */

import type { FunctionTable, GoRuntime } from '../image.js';
import type { GoProgram } from './go-program.js';

/** Whether an address lies outside of what Go's table describes. */
export function isOutsideOf({ functions }: GoProgram): (address: number) => boolean {
  const last = functions.count - 1;
  const [start, end] = [functions.address(0), functions.address(last) + functions.size(last)];
  return (address) => address < start || address >= end;
}

/** Both tables as one, by address; `c` has only functions outside of Go's. */
export function withCCode(program: GoProgram, c: FunctionTable): GoProgram {
  const { functions: go, runtime, inlined } = program;
  if (c.count === 0) return program;
  const rows = rowsOf(go, c);
  return {
    functions: joinTables(go, c, rows),
    runtime: joinRuntime(runtime, rows),
    inlined: { ...inlined, of: (row) => (rows.isGo(row) ? inlined.of(rows.inGo(row)) : 0) },
  };
}

/** Rows in front of Go's first are C's, then come Go's, then the rest of C's. */
interface Rows {
  isGo(row: number): boolean;
  inGo(row: number): number;
  inC(row: number): number;
  ofGo(row: number): number;
  ofC(row: number): number;
}

function rowsOf(go: FunctionTable, c: FunctionTable): Rows {
  const start = go.address(0);
  let before = 0;
  while (before < c.count && c.address(before) < start) before++;
  return {
    isGo: (row) => row >= before && row < before + go.count,
    inGo: (row) => row - before,
    inC: (row) => (row < before ? row : row - go.count),
    ofGo: (row) => row + before,
    ofC: (row) => (row < before ? row : row + go.count),
  };
}

function joinTables(go: FunctionTable, c: FunctionTable, rows: Rows): FunctionTable {
  const ask = <Value>(row: number, question: (table: FunctionTable, row: number) => Value): Value =>
    rows.isGo(row) ? question(go, rows.inGo(row)) : question(c, rows.inC(row));
  const count = go.count + c.count;
  let names: string[] | undefined;
  return {
    count,
    name: (row) => ask(row, (table, own) => table.name(own)),
    address: (row) => ask(row, (table, own) => table.address(own)),
    size: (row) => ask(row, (table, own) => (table === go ? go.size(own) : sizeOutsideOf(go, c, own))),
    file: (row) => ask(row, (table, own) => table.file(own)),
    line: (row) => ask(row, (table, own) => table.line(own)),
    aliases: (row) => ask(row, (table, own) => table.aliases(own)),
    kind: (row) => ask(row, (table, own) => table.kind(own)),
    find: (name) => [...go.find(name).map(rows.ofGo), ...c.find(name).map(rows.ofC)].sort((a, b) => a - b),
    names() {
      names ??= Array.from({ length: count }, (_, row) => ask(row, (table, own) => table.names()[own] as string));
      return names;
    },
    partAt: c.partAt,
    rowAt(address) {
      const [inGo, inC] = [go.rowAt(address), c.rowAt(address)];
      if (inGo >= 0) return rows.ofGo(inGo);
      return inC >= 0 ? rows.ofC(inC) : -1;
    },
  };
}

/** A symbol without a size reaches to the next one of its own table, past all of Go's. */
function sizeOutsideOf(go: FunctionTable, c: FunctionTable, row: number): number {
  const start = go.address(0);
  return c.address(row) < start ? Math.min(c.size(row), start - c.address(row)) : c.size(row);
}

function joinRuntime(runtime: GoRuntime, { isGo, inGo }: Rows): GoRuntime {
  return {
    ...runtime,
    stackDepth: (row, address) => (isGo(row) ? runtime.stackDepth(inGo(row), address) : null),
    isAssembly: (row) => isGo(row) && runtime.isAssembly(inGo(row)),
    isForeign: (row) => !isGo(row) || runtime.isForeign(inGo(row)),
    switchesStacks: (row) => isGo(row) && runtime.switchesStacks(inGo(row)),
  };
}
