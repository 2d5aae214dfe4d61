/** How well a word fits a name: the shortest stretch that holds its letters in order, worth more at word starts. */

import { letterBit, type NamePool } from './name-pool.js';

const NO_MATCH = -1;
const LETTER = 16;
const CONSECUTIVE = 8;
const GAP = 2;
const LONGEST_GAP_COST = 24;
/** A match in the part after the last slash counts for more: there is the name itself. */
const IN_TAIL = 6;

/** A word made ready for matching. */
export interface Pattern {
  readonly bytes: Uint8Array;
  readonly mask: number;
  /** The bit of its first letter. */
  readonly first: number;
}

/** Prepares a lower-case word. */
export function patternOf(word: string): Pattern {
  const bytes = Uint8Array.from(word, (char) => Math.min(char.charCodeAt(0), 127));
  return { bytes, mask: bytes.reduce((mask, byte) => mask | letterBit(byte), 0), first: letterBit(bytes[0] ?? 0) };
}

/** The score of a name, above zero, or -1. */
export function fuzzyScore(pool: NamePool, id: number, pattern: Pattern): number {
  if (((pool.mask[id] ?? 0) & pattern.mask) !== pattern.mask) return NO_MATCH;
  const start = pool.start[id] ?? 0;
  const tail = pool.tail[id] ?? start;
  const end = pool.start[id + 1] ?? start;
  const mayBeInitials = ((pool.starts[id] ?? 0) & pattern.first) !== 0;
  const inTail = scoreIn(pool, tail, end, pattern.bytes, mayBeInitials);
  if (inTail > 0) return inTail + IN_TAIL;
  return tail > start ? scoreIn(pool, start, end, pattern.bytes, mayBeInitials) : NO_MATCH;
}

function scoreIn(pool: NamePool, from: number, to: number, word: Uint8Array, mayBeInitials: boolean): number {
  const end = endOfMatch(pool.low, from, to, word);
  if (end < 0) return NO_MATCH;
  const start = tightStart(pool.low, from, end, word);
  const tight = scoreSpan(pool, start, end, word);
  const unbeaten = !mayBeInitials || (end - start === word.length && (pool.bonus[start] ?? 0) > 0);
  return unbeaten ? tight : Math.max(tight, scoreInitials(pool, from, to, word));
}

function endOfMatch(low: Uint8Array, from: number, to: number, word: Uint8Array): number {
  let wanted = 0;
  for (let i = from; i < to; i++) {
    if (low[i] === word[wanted] && ++wanted === word.length) return i + 1;
  }
  return NO_MATCH;
}

function tightStart(low: Uint8Array, from: number, end: number, word: Uint8Array): number {
  let wanted = word.length - 1;
  for (let i = end - 1; i >= from; i--) {
    if (low[i] === word[wanted] && wanted-- === 0) return i;
  }
  return from;
}

function scoreSpan(pool: NamePool, from: number, end: number, word: Uint8Array): number {
  let score = 0;
  let wanted = 0;
  let gap = 0;
  for (let i = from; i < end && wanted < word.length; i++) {
    if (pool.low[i] !== word[wanted]) {
      gap++;
      continue;
    }
    score += LETTER + (pool.bonus[i] ?? 0) + (wanted > 0 ? joined(gap) : 0);
    wanted++;
    gap = 0;
  }
  return Math.max(1, score);
}

const joined = (gap: number): number => (gap === 0 ? CONSECUTIVE : -Math.min(LONGEST_GAP_COST, gap * GAP));

/** `gcbgmw` for gcBgMarkWorker: each letter at a word start, or right after the one before. */
function scoreInitials(pool: NamePool, from: number, to: number, word: Uint8Array): number {
  let score = 0;
  let wanted = 0;
  let last = -1;
  for (let i = from; i < to && wanted < word.length; i++) {
    if (pool.low[i] !== word[wanted]) continue;
    const consecutive = last === i - 1 && wanted > 0;
    if (!consecutive && (pool.bonus[i] ?? 0) === 0) continue;
    score += LETTER + (pool.bonus[i] ?? 0) + (consecutive ? CONSECUTIVE : 0);
    last = i;
    wanted++;
  }
  return wanted === word.length ? score : NO_MATCH;
}
