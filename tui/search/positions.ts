/** Which letters of a shown name matched, for highlighting. Only computed for rows on the screen. */

import type { Query, Term } from './query.js';

/** Indices into `name`, ascending. */
export function matchPositions(name: string, query: Query): readonly number[] {
  const low = name.toLowerCase();
  const found = new Set<number>();
  for (const term of query.terms) for (const at of termPositions(name, low, term)) found.add(at);
  return [...found].sort((a, b) => a - b);
}

function termPositions(name: string, low: string, term: Term): number[] {
  if (term.kind === 'not') return [];
  if (term.kind === 'regex') {
    const match = term.regex?.exec(name);
    return match ? span(match.index, match[0].length) : [];
  }
  const whole = low.lastIndexOf(term.text);
  if (whole >= 0) return span(whole, term.text.length);
  return term.kind === 'fuzzy' ? subsequence(low, term.text) : [];
}

const span = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

/** The last occurrence of the letters in order, tried first in the part after the last slash. */
function subsequence(low: string, word: string): number[] {
  const found: number[] = [];
  let at = low.length;
  for (let i = word.length - 1; i >= 0; i--) {
    at = low.lastIndexOf(word[i] ?? '', at - 1);
    if (at < 0) return [];
    found.unshift(at);
    if (at === 0 && i > 0) return [];
  }
  return found;
}
