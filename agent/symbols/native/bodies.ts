/** Symbols grouped by address: one row a body, its best name first, the others as aliases; `.cold` parts set apart. */

import type { CodeRange } from '../image.js';
import type { SymbolColumns } from './symbol-table.js';

export interface Bodies {
  count: number;
  addresses: Float64Array;
  sizes: Float64Array;
  ifunc: Uint8Array;
  /** As in the file, mangled. */
  names: string[];
  /** Only rows that have any: linkers that fold equal code leave thousands of names for one address. */
  aliases: Map<number, Set<string>>;
  /** By address. */
  parts: CodeRange[];
}

const PART_NAME = /\.cold(?:\.\d+)?$/;

/** Groups the columns. Sizes of 0 (hand-written assembly) reach to the next symbol or to the end of the code. */
export function groupBodies(symbols: SymbolColumns, codeEnd: (address: number) => number): Bodies {
  const ranks = Float64Array.from({ length: symbols.count }, (_, i) => nameRank(symbols, i));
  const order = Uint32Array.from(ranks.keys()).sort((a, b) => compare(symbols, ranks, a, b));
  const bodies = noBodies(symbols.count);
  for (const symbol of order) {
    if (PART_NAME.test(symbols.names[symbol] as string)) addPart(bodies, symbols, symbol);
    else addSymbol(bodies, symbols, symbol);
  }
  fillSizes(bodies, codeEnd);
  return bodies;
}

/** By address; the best name of an address first. */
function compare(symbols: SymbolColumns, ranks: Float64Array, a: number, b: number): number {
  const byAddress = (symbols.addresses[a] as number) - (symbols.addresses[b] as number);
  return byAddress || (ranks[a] as number) - (ranks[b] as number) || a - b;
}

/** Names that programs use before internal ones: global, few leading underscores, short. */
function nameRank(symbols: SymbolColumns, symbol: number): number {
  const name = symbols.names[symbol] as string;
  const underscores = name.startsWith('_Z') || name.startsWith('_R') ? 0 : name.length - name.replace(/^_+/, '').length;
  return (symbols.global[symbol] === 1 ? 0 : 10_000) + underscores * 1000 + Math.min(name.length, 999);
}

/** None yet, with room for so many. */
export function noBodies(room = 0): Bodies {
  return {
    count: 0,
    addresses: new Float64Array(room),
    sizes: new Float64Array(room),
    ifunc: new Uint8Array(room),
    names: [],
    aliases: new Map(),
    parts: [],
  };
}

function addPart(bodies: Bodies, symbols: SymbolColumns, symbol: number): void {
  bodies.parts.push({ address: symbols.addresses[symbol] as number, size: symbols.sizes[symbol] as number });
}

function addSymbol(bodies: Bodies, symbols: SymbolColumns, symbol: number): void {
  const address = symbols.addresses[symbol] as number;
  const last = bodies.count - 1;
  if (last >= 0 && bodies.addresses[last] === address) {
    addAlias(bodies, last, symbols.names[symbol] as string);
    bodies.sizes[last] = Math.max(bodies.sizes[last] as number, symbols.sizes[symbol] as number);
    return;
  }
  const row = bodies.count++;
  bodies.addresses[row] = address;
  bodies.sizes[row] = symbols.sizes[symbol] as number;
  bodies.ifunc[row] = symbols.ifunc[symbol] as number;
  bodies.names.push(symbols.names[symbol] as string);
}

function addAlias(bodies: Bodies, row: number, name: string): void {
  if (bodies.names[row] === name) return;
  const known = bodies.aliases.get(row);
  if (known === undefined) bodies.aliases.set(row, new Set([name]));
  else known.add(name);
}

function fillSizes(bodies: Bodies, codeEnd: (address: number) => number): void {
  for (let row = 0; row < bodies.count; row++) {
    if ((bodies.sizes[row] as number) > 0) continue;
    const address = bodies.addresses[row] as number;
    const next = row + 1 < bodies.count ? (bodies.addresses[row + 1] as number) : Number.POSITIVE_INFINITY;
    bodies.sizes[row] = Math.max(0, Math.min(next, codeEnd(address)) - address);
  }
}
