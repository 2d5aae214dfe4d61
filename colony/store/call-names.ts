/** What single calls have in common, written once: session, agent, service and function, under a number. */

import type { CallBatch } from '../../proto/gen/coral/live/v1/live.js';
import { rowsIn, unpackU32 } from '../../snapshots/columns/words.js';
import type { Database } from './database.js';

/** Calls of one session; `names` by row. */
export interface CallRows {
  readonly sessionId: string;
  readonly service: string;
  readonly names: readonly string[];
  readonly batch: CallBatch;
}

/** A row of call_names. */
export type NameRow = [id: number, session: string, agent: string, service: string, name: string];

export class CallNames {
  readonly #ids = new Map<string, number>();
  #fresh: NameRow[] = [];

  private constructor(private nextId: number) {}

  /** Numbers go on after those in the file: calls of an earlier colony keep theirs. */
  static async read(database: Database): Promise<CallNames> {
    const [last] = await database.rows('SELECT max(id) AS id FROM call_names');
    return new CallNames(Number(last?.id ?? -1) + 1);
  }

  /** The number of each call's name; a row without a name has an empty one. */
  idsOf({ sessionId, service, names, batch }: CallRows): Uint32Array {
    const known: number[] = [];
    return unpackU32(batch.row, rowsIn(batch.row, 'row'), 'row').map((row) => {
      known[row] ??= this.#idOf(sessionId, batch.agentId, service, names[row] ?? '');
      return known[row];
    });
  }

  /** Names that have got their number since the last time: they belong into the same transaction as the calls. */
  takeFresh(): NameRow[] {
    return this.#fresh.splice(0);
  }

  /** After a transaction that failed, nobody knows what stands in the file: every name gets another number. */
  forget(): void {
    this.#ids.clear();
    this.#fresh = [];
  }

  /** After its end a session has no more calls. */
  forgetSession(sessionId: string): void {
    for (const key of this.#ids.keys()) if (key.startsWith(`${sessionId}\n`)) this.#ids.delete(key);
  }

  #idOf(sessionId: string, agentId: string, service: string, name: string): number {
    const key = [sessionId, agentId, service, name].join('\n');
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.nextId++;
    this.#ids.set(key, id);
    this.#fresh.push([id, sessionId, agentId, service, name]);
    return id;
  }
}
