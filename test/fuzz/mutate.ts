/** Damage to bytes, as disks, networks and people with bad intentions do it. */

import type { Random } from './random.js';

/** A stretch in which damage hurts: headers, tables. */
export interface Spot {
  start: number;
  size: number;
}

/** Values at which arithmetic goes wrong. */
const EDGES = [0, 1, 7, 8, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const MAX_CHANGES = 6;

/** A damaged view of the bytes; `undo` repairs them. Half of the changes hit the spots. */
export function mutate(bytes: Buffer, random: Random, spots: readonly Spot[]): { damaged: Buffer; undo: () => void } {
  const before: { at: number; old: Buffer }[] = [];
  const change = (at: number, length: number): Buffer => {
    before.push({ at, old: Buffer.from(bytes.subarray(at, at + length)) });
    return bytes.subarray(at, at + length);
  };
  for (let left = 1 + random.int(MAX_CHANGES); left > 0; left--) changeOnce(bytes.length, random, spots, change);
  const damaged = random.int(20) === 0 ? bytes.subarray(0, random.int(bytes.length)) : bytes;
  const undo = (): void => {
    for (const { at, old } of before.reverse()) old.copy(bytes, at);
  };
  return { damaged, undo };
}

function changeOnce(size: number, random: Random, spots: readonly Spot[], change: (at: number, length: number) => Buffer): void {
  const spot = spots.length > 0 && random.int(2) === 0 ? random.pick(spots) : { start: 0, size };
  const at = Math.min(spot.start + random.int(Math.max(1, spot.size)), size - 1);
  const place = change(at, Math.min(random.pick([1, 1, 2, 4, 4, 8]), size - at));
  const kind = random.int(4);
  if (kind === 0) place[0] = (place[0] as number) ^ (1 << random.int(8));
  else if (kind === 1) place.fill(random.pick([0, 0xff]));
  else if (kind === 2) for (let i = 0; i < place.length; i++) place[i] = random.int(256);
  else writeEdge(place, random.pick(EDGES));
}

function writeEdge(place: Buffer, value: number): void {
  for (let i = 0; i < place.length; i++) place[i] = i < 4 ? (value >>> (8 * i)) & 0xff : 0;
}
