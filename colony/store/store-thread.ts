/** The caller's side of the store's thread. */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CoralError } from '../../proto/errors.js';
import type { OperationName, Operations, Request, Response } from './operations.js';

const CLOSE_TIMEOUT_MS = 2000;

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: CoralError) => void;
}

export class StoreThread {
  #worker: Worker | undefined;
  #closed = false;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  /** Asks the thread, which is started at the first question. Rejects with STORE_FAILED, also after the close. */
  ask<Name extends OperationName>(operation: Name, ...args: Parameters<Operations[Name]>): ReturnType<Operations[Name]> {
    const answer = this.#closed ? Promise.reject(storeFailed('it is closed')) : this.#ask(this.#started(), operation, args);
    return answer as ReturnType<Operations[Name]>;
  }

  /** Closes the file and ends the thread; a question that comes later must not start another one. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = once(worker, 'exit');
    await this.#ask(worker, 'close', []).catch(() => undefined);
    // Ending it by force while DuckDB works in it aborts the whole process.
    await Promise.race([ended, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    await worker.terminate();
  }

  #ask<Name extends OperationName>(worker: Worker, operation: Name, args: Parameters<Operations[Name]>): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, operation, args } satisfies Request<Name>);
    });
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    worker.on('message', (response: Response) => this.#settle(response));
    worker.on('error', (error) => this.#died(worker, error.message));
    worker.on('exit', (code) => this.#died(worker, `the store's thread ended with ${code}`));
    this.#worker = worker;
    return worker;
  }

  #settle(response: Response): void {
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if ('error' in response) pending?.reject(storeFailed(response.error));
    else pending?.resolve(response.value as never);
  }

  /** The next question starts another thread. One that died says so twice (error, exit): by then it may have a successor. */
  #died(worker: Worker, why: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    for (const pending of this.#pending.values()) pending.reject(storeFailed(why));
    this.#pending.clear();
  }
}

const storeFailed = (why: string): CoralError =>
  new CoralError('STORE_FAILED', `the history could not do it: ${why}`, 'look at the disk and the file; live sessions go on', {
    why,
  });
