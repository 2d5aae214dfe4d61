/** The caller's side of the store's thread. */

import { Worker } from 'node:worker_threads';
import { CoralError } from '../../proto/errors.js';
import type { OperationName, Operations, Request, Response } from './operations.js';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: CoralError) => void;
}

export class StoreThread {
  #worker: Worker | undefined;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  /** Asks the thread, which is started at the first question. Rejects with STORE_FAILED. */
  ask<Name extends OperationName>(operation: Name, ...args: Parameters<Operations[Name]>): ReturnType<Operations[Name]> {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#started().postMessage({ id, operation, args } satisfies Request<Name>);
    });
    return answer as ReturnType<Operations[Name]>;
  }

  /** Closes the file and ends the thread. */
  async close(): Promise<void> {
    if (this.#worker === undefined) return;
    await this.ask('close').catch(() => undefined);
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    worker.on('message', (response: Response) => this.#settle(response));
    worker.on('error', (error) => this.#died(error.message));
    worker.on('exit', (code) => this.#died(`the store's thread ended with ${code}`));
    this.#worker = worker;
    return worker;
  }

  #settle(response: Response): void {
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if ('error' in response) pending?.reject(storeFailed(response.error));
    else pending?.resolve(response.value as never);
  }

  /** The next question starts another thread. */
  #died(why: string): void {
    this.#worker = undefined;
    for (const pending of this.#pending.values()) pending.reject(storeFailed(why));
    this.#pending.clear();
  }
}

const storeFailed = (why: string): CoralError =>
  new CoralError('STORE_FAILED', `the history could not do it: ${why}`, 'look at the disk and the file; live sessions go on', {
    why,
  });
