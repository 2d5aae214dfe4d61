/** Names of addresses in a process: dynamic types and functions. */

import type { GoType } from '../symbols/go/type-descriptors.js';
import type { Image } from '../symbols/image.js';
import type { AddressNames } from '../values/decode.js';

/** Names kept a process; more are looked up again. */
const MAX_NAMES = 4096;

/** Of a program that is loaded `bias` above its linked addresses; null: nothing is known of where it lies. */
export function addressNames(image: Image, bias: number | null): AddressNames {
  const linked = (address: bigint): number => Number(address) - (bias ?? 0);
  return {
    typeAt: remembered((address) => (bias === null ? null : (image.go?.typeAt(linked(address)) ?? null))),
    functionName: remembered((address) => (bias === null ? '' : functionName(image, linked(address)))),
  };
}

function functionName({ functions }: Image, address: number): string {
  const row = functions.rowAt(address);
  return row < 0 ? '' : functions.name(row);
}

function remembered<T extends string | GoType | null>(look: (address: bigint) => T): (address: bigint) => T {
  const known = new Map<bigint, T>();
  return (address) => {
    let found = known.get(address);
    if (found !== undefined) return found;
    found = look(address);
    if (known.size >= MAX_NAMES) known.clear();
    known.set(address, found);
    return found;
  };
}
