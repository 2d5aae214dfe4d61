/** A search over a pool that can be done in slices, so that no key and no frame ever waits for it. */

import { inTime } from '../../proto/in-time.js';
import { type Scorer, scorerOf } from './match.js';
import type { NamePool } from './name-pool.js';
import { giveUpOn, parseQuery, type Query } from './query.js';

/** Hits that are ranked and can be scrolled through; all are counted. */
export const RANKED_HITS = 1000;
const IDS_BETWEEN_CLOCK_READS = 512;
/** A regular expression that takes longer for so many names is given up: an ordinary one takes microseconds for each. */
const IDS_IN_TIME = 64;
const LONGEST_MS = 50;
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
  private readonly hasRegex: boolean;
  private readonly candidates: Uint32Array;
  private readonly score: Scorer;
  private readonly matched: Uint32Array;
  private ranks = new Float64Array(RANKED_HITS * 2);
  private ranked = 0;
  private worstKept = Number.NEGATIVE_INFINITY;
  private total = 0;
  private next = 0;

  /** `before` is a finished search of the same pool; if this query only narrows it, just its hits are looked at. */
  constructor(
    private readonly pool: NamePool,
    readonly text: string,
    before?: Search,
  ) {
    this.query = parseQuery(text);
    this.hasRegex = this.query.terms.some(({ kind }) => kind === 'regex');
    this.candidates = before?.narrowsTo(this.query) ? before.matchedIds() : pool.listing;
    this.matched = new Uint32Array(this.candidates.length);
    this.score = scorerOf(pool, this.query);
  }

  get done(): boolean {
    return this.query.error !== undefined || this.next >= this.candidates.length;
  }

  /** Works for about `budgetMs`; true when finished. */
  step(budgetMs: number): boolean {
    const untilMs = performance.now() + budgetMs;
    while (!this.done) {
      if (this.hasRegex) this.scanInTime();
      else this.scan(IDS_BETWEEN_CLOCK_READS);
      if (performance.now() >= untilMs) break;
    }
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

  /** What was found before an expression is given up is found no more: it may have been broken off anywhere. */
  private scanInTime(): void {
    if (inTime(LONGEST_MS, () => this.scan(IDS_IN_TIME))) return;
    this.query = giveUpOn(this.query);
  }

  private scan(ids: number): void {
    const until = Math.min(this.candidates.length, this.next + ids);
    for (; this.next < until; this.next++) {
      const id = this.candidates[this.next] ?? 0;
      const score = this.score(id);
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
