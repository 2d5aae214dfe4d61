/** The store's thread: one request after the other, so that DuckDB has one writer and the live path none. */

import { parentPort } from 'node:worker_threads';
import { Operations, type Request, type Response } from './operations.js';

const operations = new Operations();
let last = Promise.resolve();

parentPort?.on('message', (request: Request) => {
  last = last.then(async () => {
    parentPort?.postMessage(await answer(request));
    if (request.operation === 'close') parentPort?.close();
  });
});

async function answer({ id, operation, args }: Request): Promise<Response> {
  try {
    const work = operations[operation] as (...given: readonly unknown[]) => Promise<unknown>;
    return { id, value: await work.apply(operations, args) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
