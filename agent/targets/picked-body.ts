/**
 * The body that the resolver of an indirect function (glibc's strlen, memcpy) picked in a process: the loader keeps it where
 * the file's own calls find it. The symbol itself is the resolver's.
 */

import type { MappedImage, NamedFunction } from '../sessions/ports.js';
import type { Image } from '../symbols/image.js';
import { type AddedFunction, withFunction } from '../symbols/with-function.js';

/** A pointer in the process; null: it cannot be read. */
type ReadPointer = (pid: number, address: number) => number | null;

/** Images with a picked body, so that what is decided of it is decided once. */
const withBodies = new WeakMap<Image, Map<string, AddedFunction | null>>();

/** The function with the bodies that its processor runs; as it is where it is no indirect one, or nothing tells of one of them. */
export function pickedBody(fn: NamedFunction, readPointer: ReadPointer): NamedFunction {
  const { mapped, name } = fn;
  const isIndirect = (row: number): boolean => mapped.image.functions.kind(row) === 'ifunc';
  if (mapped.image.go !== null || !fn.rows.some(isIndirect)) return fn;
  let { image } = mapped;
  const rows = new Set<number>();
  const picked: string[] = [];
  for (const row of fn.rows) {
    const address = isIndirect(row) ? pickedBy(mapped, row, readPointer) : null;
    const body = isIndirect(row) ? bodyAt(image, name, address) : { image, row };
    if (body === null) return fn;
    image = body.image;
    rows.add(body.row);
    if (address !== null) picked.push(describe(mapped, row, address, readPointer));
  }
  return { name, mapped: { ...mapped, image }, rows: [...rows], picked };
}

/** By linked address; null: nothing in this file calls it, or it lies outside of the file (the kernel's own clock functions do). */
function pickedBy({ pid, image, bias }: MappedImage, resolver: number, readPointer: ReadPointer): number | null {
  if (bias === null) return null;
  const found = new Set(image.resolvedIn(image.functions.address(resolver)).map((slot) => readPointer(pid, slot + bias)));
  const [pointer] = found;
  if (found.size !== 1 || pointer === null || pointer === undefined) return null;
  const address = pointer - bias;
  const isCode = image.segments.some((each) => each.executable && address >= each.vaddr && address < each.vaddr + each.fileSize);
  return isCode ? address : null;
}

/** By its symbol, else by its call frame information; a slot that the loader has not filled yet leads to neither. */
function bodyAt(image: Image, name: string, address: number | null): AddedFunction | null {
  if (address === null) return null;
  const row = image.functions.rowAt(address);
  if (row >= 0) return image.functions.kind(row) === 'function' ? { image, row } : null;
  const known = withBodies.get(image) ?? new Map<string, AddedFunction | null>();
  withBodies.set(image, known);
  const key = `${address} ${name}`;
  const body = known.get(key) ?? withFunction(image, name, address);
  known.set(key, body);
  return body;
}

function describe(mapped: MappedImage, resolver: number, address: number, readPointer: ReadPointer): string {
  const { functions } = mapped.image;
  const row = functions.rowAt(address);
  const others: string[] = [];
  for (let other = 0; other < functions.count; other++) {
    if (other === resolver || functions.kind(other) !== 'ifunc') continue;
    if (pickedBy(mapped, other, readPointer) === address) others.push(functions.name(other));
  }
  const what = `0x${address.toString(16)}${row < 0 ? '' : ` (${functions.name(row)})`}`;
  const shared = others.length === 0 ? '' : `, and so do those of ${others.join(', ')}, which have the same body`;
  return `the symbol is a resolver, which picked the body at ${what} in this process: calls that the file makes itself count too${shared}`;
}
