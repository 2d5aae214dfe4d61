/** Names of addresses in a process: dynamic types and functions. */

import type { Image } from '../symbols/image.js';
import type { AddressNames } from '../values/decode.js';

/** Names kept a process; more are looked up again. */
const MAX_NAMES = 4096;

/** Of a program that is loaded `bias` above its linked addresses; null: nothing is known of where it lies. */
export function addressNames(image: Image, bias: number | null): AddressNames {
  const linked = (address: bigint): number => Number(address) - (bias ?? 0);
  return {
    typeName: remembered((address) => (bias === null ? '' : (image.go?.typeName(linked(address)) ?? ''))),
    functionName: remembered((address) => (bias === null ? '' : functionName(image, linked(address)))),
  };
}

function functionName({ functions }: Image, address: number): string {
  const row = functions.rowAt(address);
  return row < 0 ? '' : functions.name(row);
}

function remembered(look: (address: bigint) => string): (address: bigint) => string {
  const known = new Map<bigint, string>();
  return (address) => {
    let name = known.get(address);
    if (name !== undefined) return name;
    name = look(address);
    if (known.size >= MAX_NAMES) known.clear();
    known.set(address, name);
    return name;
  };
}
