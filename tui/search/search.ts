/** A search over a pool that can be done in slices, so that no key and no frame ever waits for it. */

import { inTime } from '../../proto/in-time.js';
import { type Scorer, scorerOf } from './match.js';
import type { NamePool } from './name-pool.js';
import { giveUpOn, parseQuery, type Query } from './query.js';

/** Hits that are ranked and can be scrolled through; all are counted. */
export const RANKED_HITS = 1000;
const IDS_BETWEEN_CLOCK_READS = 512;
/** A regular expression that spends this long on one name is given up: an ordinary one takes microseconds. */
const LONGEST_ON_A_NAME_MS = 50;
/** And one that has not been through all names by then, where they are needed at once. */
const LONGEST_AT_ONCE_MS = 250;
/** A rank is (score * 1024 - length) * 2^20 + (2^20 - id), below 2^53: better score, then shorter, then earlier. */
const ID_RANGE = 2 ** 20;
const LONGEST = 1023;

export interface Hits {
  readonly text: string;
  readonly query: Query;
  /** Best first, at most RANKED_HITS (all of them, in listing order, when the query is empty). */
  readonly ids: Uint32Array;
  readonly total: number;
}

/** Has the matching compiled before the first key waits for it, which then takes half as long. */
const WARM_UP_MS = 20;

export function warmUp(pool: NamePool): void {
  for (const text of ['se', 'r', 'xec']) new Search(pool, text).step(WARM_UP_MS / 3);
}

/** One filter over one pool; `step` until `done`, then `hits`. */
export class Search {
  private query: Query;
  private readonly candidates: Uint32Array;
  private readonly score: Scorer;
  private readonly scores: Int32Array;
  private readonly matched: Uint32Array;
  private ranks = new Float64Array(RANKED_HITS * 2);
  private ranked = 0;
  private worstKept = Number.NEGATIVE_INFINITY;
  private total = 0;
  private scored = 0;
  private taken = 0;

  /** `before` is a finished search of the same pool; if this query only narrows it, just its hits are looked at. */
  constructor(
    private readonly pool: NamePool,
    readonly text: string,
    before?: Search,
  ) {
    this.query = parseQuery(text);
    this.candidates = before?.narrowsTo(this.query) ? before.matchedIds() : pool.listing;
    this.scores = new Int32Array(this.candidates.length);
    this.matched = new Uint32Array(this.candidates.length);
    this.score = scorerOf(pool, this.query);
  }

  get done(): boolean {
    return this.query.error !== undefined || this.taken >= this.candidates.length;
  }

  /** Works for about `budgetMs`; true when finished. An expression that takes too long finishes with that as its error. */
  step(budgetMs: number): boolean {
    if (this.done) return true;
    if (this.query.terms.some(({ kind }) => kind === 'regex')) this.scoreInTime(budgetMs);
    else this.scoreFor(budgetMs, () => this.take());
    return this.done;
  }

  /** The hits so far, best first. */
  hits(): Hits {
    const { text, query, total } = this;
    if (query.error !== undefined) return { text, query, ids: new Uint32Array(0), total: 0 };
    if (query.terms.length === 0) return { text, query, ids: this.pool.listing, total: this.pool.names.length };
    this.keepBest();
    const ids = Uint32Array.from(this.ranks.subarray(0, this.ranked), (rank) => ID_RANGE - 1 - (rank % ID_RANGE));
    return { text, query, ids, total };
  }

  private scoreFor(budgetMs: number, afterSome: () => void): void {
    const { candidates, scores, score } = this;
    const until = performance.now() + budgetMs;
    do {
      const end = Math.min(candidates.length, this.scored + IDS_BETWEEN_CLOCK_READS);
      for (; this.scored < end; this.scored++) scores[this.scored] = score(candidates[this.scored] ?? 0);
      afterSome();
    } while (this.scored < candidates.length && performance.now() < until);
  }

  /** Broken off where an expression does not come back. A process that got no processor time meanwhile tries again. */
  private scoreInTime(budgetMs: number): void {
    const atOnce = budgetMs === Number.POSITIVE_INFINITY;
    const limitMs = atOnce ? LONGEST_AT_ONCE_MS : Math.max(budgetMs, LONGEST_ON_A_NAME_MS);
    const before = this.scored;
    const startedAt = process.cpuUsage();
    const whole = inTime(limitMs, () => this.scoreFor(budgetMs, () => undefined));
    this.take();
    if (whole !== undefined) return;
    const tried = process.cpuUsage(startedAt).user / 1e3 > limitMs / 2;
    if (tried && (atOnce || this.scored === before)) this.query = giveUpOn(this.query);
    else if (atOnce) this.scoreInTime(budgetMs);
  }

  /** Takes the hits among what has been scored; apart from the scoring, which may be broken off anywhere: none is taken twice. */
  private take(): void {
    for (; this.taken < this.scored; this.taken++) {
      const id = this.candidates[this.taken] ?? 0;
      const score = this.scores[this.taken] ?? -1;
      if (score < 0) continue;
      this.matched[this.total++] = id;
      this.rank(id, score);
    }
  }

  private rank(id: number, score: number): void {
    const length = Math.min(LONGEST, (this.pool.start[id + 1] ?? 0) - (this.pool.start[id] ?? 0));
    const rank = (score * (LONGEST + 1) + LONGEST - length) * ID_RANGE + (ID_RANGE - 1 - id);
    if (rank <= this.worstKept) return;
    this.ranks[this.ranked++] = rank;
    if (this.ranked === this.ranks.length) this.keepBest();
  }

  private keepBest(): void {
    this.ranks.subarray(0, this.ranked).sort().reverse();
    this.ranked = Math.min(this.ranked, RANKED_HITS);
    if (this.ranked === RANKED_HITS) this.worstKept = this.ranks[RANKED_HITS - 1] ?? Number.NEGATIVE_INFINITY;
  }

  private matchedIds(): Uint32Array {
    return this.matched.subarray(0, this.total);
  }

  private narrowsTo(query: Query): boolean {
    const { terms, error } = this.query;
    if (!this.done || error !== undefined || terms.length === 0) return false;
    return terms.every((term, i) => {
      const wanted = query.terms[i];
      const narrowing = term.kind === 'fuzzy' || term.kind === 'exact';
      return narrowing && wanted?.kind === term.kind && wanted.text.startsWith(term.text);
    });
  }
}
