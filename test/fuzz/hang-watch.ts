/** A thread that watches the inputs go by: one that never ends is named before the process is killed. */

import { Worker } from 'node:worker_threads';

const LIMIT_MS = 20_000;

const WATCH = `
  const { workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  const at = new Int32Array(workerData.shared);
  let last = -1;
  setInterval(() => {
    const now = Atomics.load(at, 1);
    if (now !== last || Atomics.load(at, 0) === 0) return void (last = now);
    writeSync(2, 'input ' + Atomics.load(at, 0) + ' does not end (' + workerData.limitMs + ' ms)\\n');
    process.kill(process.pid, 'SIGKILL');
  }, workerData.limitMs);
`;

export interface HangWatch {
  /** An input begins. */
  began(index: number): void;
  /** Nothing runs now. */
  rest(): void;
  stop(): Promise<number>;
}

/** Starts watching. */
export function watchHangs(): HangWatch {
  const shared = new SharedArrayBuffer(8);
  const at = new Int32Array(shared);
  const worker = new Worker(WATCH, { eval: true, workerData: { shared, limitMs: LIMIT_MS } });
  return {
    began(index) {
      Atomics.store(at, 0, index + 1);
      Atomics.add(at, 1, 1);
    },
    rest: () => void Atomics.store(at, 0, 0),
    stop: () => worker.terminate(),
  };
}
