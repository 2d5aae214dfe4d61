/**
 * Relocations as two sorted columns: where a position-independent program stores which linked address. RELATIVE ones, and
 * those that name a function of the same file, as libraries do for the calls that another library may take over.
 */

import { type Elf, type ElfSection, readWord, SECTION, sectionBytes } from './elf.js';

const RELOCATION_RELATIVE = 8;
/** What the resolver at an address returns when the program starts. */
const RELOCATION_RESOLVED = 37;
/** Address of a symbol plus a number; address of a symbol in the GOT; the same for calls. */
const RELOCATIONS_OF_SYMBOLS: readonly number[] = [1, 6, 7];
const RELOCATION_BYTES = 24;
const SYMBOL_BYTES = 24;
const TYPE_FUNCTION = 2;

export interface Relocations {
  /** The linked address stored at `address`; null when no relocation writes there. */
  valueAt(address: number): number | null;
  /** Addresses where `value` is stored. */
  placesOf(value: number): number[];
}

/** Reads every relocation whose value the file itself tells. */
export function readRelocations(elf: Elf): Relocations {
  const pairs = elf.sections.filter((section) => section.type === SECTION.rela).flatMap((section) => readSection(elf, section));
  const { places, values } = sortedColumns(pairs);
  return {
    valueAt(address) {
      const at = lowerBound(places, address);
      return places[at] === address ? (values[at] as number) : null;
    },
    placesOf: (value) =>
      Array.from(places.keys(), (i) => i)
        .filter((i) => values[i] === value)
        .map((i) => places[i] as number),
  };
}

/** By the address of a resolver: where the loader stores what it picked, for the file's own calls. */
export function readResolverSlots(elf: Elf): Map<number, number[]> {
  const slots = new Map<number, number[]>();
  for (const section of elf.sections.filter(({ type }) => type === SECTION.rela)) {
    const bytes = sectionBytes(elf, section);
    for (let at = 0; at + RELOCATION_BYTES <= bytes.length; at += RELOCATION_BYTES) {
      if (bytes.readUInt32LE(at + 8) !== RELOCATION_RESOLVED) continue;
      const resolver = readWord(elf.file, bytes, at + 16, `section ${section.name}`);
      slots.set(resolver, [...(slots.get(resolver) ?? []), readWord(elf.file, bytes, at, `section ${section.name}`)]);
    }
  }
  return slots;
}

/** Index of the first element that is not below `value`, in an ascending column. */
export function lowerBound(column: Float64Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Place and value, alternating. */
function readSection(elf: Elf, section: ElfSection): Float64Array[] {
  const bytes = sectionBytes(elf, section);
  const functionAt = ownFunctions(elf, section);
  const pairs = new Float64Array(Math.floor(bytes.length / RELOCATION_BYTES) * 2);
  let used = 0;
  for (let at = 0; at + RELOCATION_BYTES <= bytes.length; at += RELOCATION_BYTES) {
    const [type, symbol] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    const isRelative = type === RELOCATION_RELATIVE && symbol === 0;
    const address = RELOCATIONS_OF_SYMBOLS.includes(type) ? functionAt(symbol) : null;
    if (!isRelative && address === null) continue;
    pairs[used++] = readWord(elf.file, bytes, at, `section ${section.name}`);
    pairs[used++] = address ?? readWord(elf.file, bytes, at + 16, `section ${section.name}`);
  }
  return [pairs.subarray(0, used)];
}

/** Addresses of the functions that the file defines, by number in the symbol table of a relocation section; null: others. */
function ownFunctions(elf: Elf, { link }: ElfSection): (symbol: number) => number | null {
  const section = elf.sections[link];
  const bytes = section?.type === SECTION.dynsym ? sectionBytes(elf, section) : Buffer.alloc(0);
  return (symbol) => {
    const at = symbol * SYMBOL_BYTES;
    if (at + SYMBOL_BYTES > bytes.length || ((bytes[at + 4] as number) & 15) !== TYPE_FUNCTION) return null;
    return bytes.readUInt16LE(at + 6) === 0 ? null : bytes.readUInt32LE(at + 12) * 2 ** 32 + bytes.readUInt32LE(at + 8);
  };
}

function sortedColumns(parts: Float64Array[]): { places: Float64Array; values: Float64Array } {
  const count = parts.reduce((sum, part) => sum + part.length / 2, 0);
  const places = new Float64Array(count);
  const values = new Float64Array(count);
  let row = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2, row++) {
      places[row] = part[i] as number;
      values[row] = part[i + 1] as number;
    }
  }
  if (places.every((place, i) => i === 0 || (places[i - 1] as number) <= place)) return { places, values };
  const order = Uint32Array.from(places.keys()).sort((a, b) => (places[a] as number) - (places[b] as number));
  return {
    places: Float64Array.from(order, (i) => places[i] as number),
    values: Float64Array.from(order, (i) => values[i] as number),
  };
}
