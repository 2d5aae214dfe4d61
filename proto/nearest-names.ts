/** The names most like a mistyped one. */

import { editDistance } from './edit-distance.js';

const MOST = 5;
/** Beside the nearest, names that are this much further are of no help. */
const MAX_FURTHER = 2;

/** Up to five of `names`, nearest first; those that share nothing with `asked` are left out. */
export function nearestNames(asked: string, names: Iterable<string>): string[] {
  const near = [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(asked.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance < Math.max(asked.length, name.length) * 0.7 || name.includes(asked))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  return near
    .filter(({ name, distance }) => distance <= (near[0]?.distance ?? 0) + MAX_FURTHER || name.includes(asked))
    .slice(0, MOST)
    .map(({ name }) => name);
}
