/** A whole query against one name. */

import { fuzzyScore, type Pattern, patternOf } from './fuzzy.js';
import type { NamePool } from './name-pool.js';
import type { Query, Term } from './query.js';

/** The score of a name under all terms of a query, or -1. */
export type Scorer = (id: number) => number;

const EXACT_SCORE = 40;

/** Prepares a query for a pool. */
export function scorerOf(pool: NamePool, query: Query): Scorer {
  const tests = query.terms.map((term) => termTest(pool, term));
  return (id) => {
    let score = pool.prior[id] ?? 0;
    for (const test of tests) {
      const points = test(id);
      if (points < 0) return -1;
      score += points;
    }
    return score;
  };
}

function termTest(pool: NamePool, term: Term): Scorer {
  if (term.kind === 'regex') return (id) => (term.regex?.test(pool.names[id] ?? '') ? EXACT_SCORE : -1);
  const pattern = patternOf(term.text);
  if (term.kind === 'exact') return (id) => (contains(pool, id, pattern) ? EXACT_SCORE : -1);
  if (term.kind === 'not') return (id) => (contains(pool, id, pattern) ? -1 : 0);
  return (id) => fuzzyScore(pool, id, pattern);
}

function contains(pool: NamePool, id: number, pattern: Pattern): boolean {
  if (((pool.mask[id] ?? 0) & pattern.mask) !== pattern.mask) return false;
  const last = (pool.start[id + 1] ?? 0) - pattern.bytes.length;
  for (let at = pool.start[id] ?? 0; at <= last; at++) if (startsAt(pool.low, at, pattern.bytes)) return true;
  return false;
}

function startsAt(low: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (low[at + i] !== bytes[i]) return false;
  return true;
}
