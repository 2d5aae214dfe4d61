/** Searches a program's functions beside everything else: in slices, the newest filter only. */

import type { NamePool } from './name-pool.js';
import { type Hits, Search } from './search.js';

/** Short enough that a key or a frame hardly waits. */
const SLICE_MS = 6;
/** What a key waits for its rows; a slow regular expression goes on in slices then. */
const FINISH_MS = 250;

/** One search at a time; a new filter gives up the one before. */
export class FunctionSearch {
  private pool: NamePool | undefined;
  private running: Search | undefined;
  private finished: Search | undefined;
  private next: NodeJS.Immediate | undefined;

  constructor(private readonly found: (hits: Hits) => void) {}

  /** Another program's names: earlier results are of no use. */
  use(pool: NamePool): void {
    this.close();
    this.pool = pool;
    this.finished = undefined;
  }

  /** Starts over with a filter. */
  start(text: string): void {
    if (this.pool === undefined) return;
    this.close();
    this.running = new Search(this.pool, text, this.finished);
    this.slice();
  }

  /** Finishes at once what is being searched, unless that takes long. */
  finish(): void {
    if (this.running?.step(FINISH_MS)) this.report();
  }

  close(): void {
    clearImmediate(this.next);
    this.running = undefined;
  }

  private slice(): void {
    if (this.running?.step(SLICE_MS)) this.report();
    else this.next = setImmediate(() => this.slice());
  }

  private report(): void {
    const { running } = this;
    if (running === undefined) return;
    this.close();
    this.finished = running;
    this.found(running.hits());
  }
}
