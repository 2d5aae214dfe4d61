/** The functions of C, C++ and Rust programs: ELF symbols with readable names. Names are decoded when first asked for. */

import { demangle, demangleAll } from '../../demangle/demangle.js';
import { lowerBound } from '../elf/relocations.js';
import type { CodeRange, FunctionTable } from '../image.js';
import { nameIndex, once } from '../name-index.js';
import type { Bodies } from './bodies.js';
import type { Place } from './function-places.js';

/** The table over grouped symbols; `placeOf` tells where the source of the function at an address begins. */
export function nativeFunctions(bodies: Bodies, placeOf: (address: number) => Place): FunctionTable {
  const { count, addresses, sizes, ifunc } = bodies;
  const used = addresses.subarray(0, count);
  const partStarts = Float64Array.from(bodies.parts, ({ address }) => address);
  const names = once(() => demangleAll(bodies.names));
  const aliases = once(() => readableAliases(bodies));
  const symbols = once(() => indexOf(bodies, bodies.names, bodies.aliases));
  const readable = once(() => indexOf(bodies, names(), aliases()));
  return {
    count,
    name: (row) => demangle(bodies.names[row] as string),
    address: (row) => addresses[row] as number,
    size: (row) => sizes[row] as number,
    file: (row) => placeOf(addresses[row] as number).file,
    line: (row) => placeOf(addresses[row] as number).line,
    find: (name) => found(symbols().find(name)) ?? found(readable().find(name)) ?? [],
    names,
    aliases: (row) => aliases().get(row) ?? NONE,
    kind: (row) => (ifunc[row] === 1 ? 'ifunc' : 'function'),
    partAt: (address) => partAt(bodies.parts, partStarts, address),
    rowAt(address) {
      const row = lowerBound(used, address);
      return used[row] === address ? row : -1;
    },
  };
}

const NONE: readonly string[] = [];

/** Ascending, each once; undefined: none. A symbol is no readable name of another function: those have parentheses or a path. */
function found(rows: readonly number[]): number[] | undefined {
  return rows.length === 0 ? undefined : [...new Set(rows)].sort((a, b) => a - b);
}

function readableAliases(bodies: Bodies): Map<number, string[]> {
  return new Map([...bodies.aliases].map(([row, names]) => [row, demangleAll([...names])]));
}

/** Names of rows and of their aliases. */
function indexOf(
  bodies: Bodies,
  names: readonly string[],
  aliases: ReadonlyMap<number, Iterable<string>>,
): ReturnType<typeof nameIndex> {
  const all = names.slice(0, bodies.count);
  const rows = Array.from(all, (_, row) => row);
  for (const [row, others] of aliases) {
    for (const name of others) {
      all.push(name);
      rows.push(row);
    }
  }
  return nameIndex(all, (entry) => rows[entry] as number);
}

function partAt(parts: readonly CodeRange[], starts: Float64Array, address: number): CodeRange | null {
  const after = lowerBound(starts, address);
  const at = starts[after] === address ? after : after - 1;
  const part = parts[at];
  return part !== undefined && address >= part.address && address < part.address + part.size ? part : null;
}
