/** Names that a person may have meant: those that contain the text, then those a few keystrokes away. */

import { editDistance } from '../../proto/edit-distance.js';

const MAX_NAMES = 5;
/** Beyond this share of the text's length two words have nothing in common. */
const MAX_DISTANCE_SHARE = 0.4;
/** Beside the nearest, names that are a keystroke further are of no help. */
const MAX_FURTHER = 0.5;

/** At most five names, the nearest first. */
export function nearestNames(names: Iterable<string>, text: string): string[] {
  const wanted = lastPart(text).toLowerCase();
  if (wanted === '') return [];
  const limit = Math.max(1, Math.floor(wanted.length * MAX_DISTANCE_SHARE));
  const ranked: { name: string; rank: number }[] = [];
  for (const name of new Set(names)) {
    const rank = rankOf(name, text.toLowerCase(), wanted, limit);
    if (rank <= limit) ranked.push({ name, rank });
  }
  const nearest = ranked.reduce((least, { rank }) => Math.min(least, rank), limit);
  return ranked
    .filter(({ rank }) => rank <= nearest + MAX_FURTHER)
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMES)
    .map(({ name }) => name);
}

/** Fewer is nearer: 0 when the last part is the same, then one for containing it, then keystrokes. */
function rankOf(name: string, text: string, wanted: string, limit: number): number {
  const part = lastPart(name).toLowerCase();
  if (part === wanted) return 0;
  if (name.toLowerCase().includes(text)) return 0.5;
  return Math.abs(part.length - wanted.length) > limit ? Number.POSITIVE_INFINITY : editDistance(part, wanted);
}

const lastPart = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'), name.lastIndexOf(':')) + 1);
