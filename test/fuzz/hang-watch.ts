/** A thread that watches the inputs go by: one that never ends is named before the process is killed. */

import { Worker } from 'node:worker_threads';

/** Processor time that an input may take; a busy machine stretches the clock. */
const LIMIT_MS = 20_000;
/** By the clock, for an input that waits for something and takes no processor time. */
const STILL_MS = 600_000;
const LOOK_MS = 1000;

const WATCH = `
  const { workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  const at = new Int32Array(workerData.shared);
  const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  let last = { input: -1 };
  setInterval(() => {
    const input = Atomics.load(at, 1);
    if (input !== last.input || Atomics.load(at, 0) === 0) return void (last = { input, cpuMs: cpuMs(), clockMs: performance.now() });
    const took = { cpuMs: Math.round(cpuMs() - last.cpuMs), clockMs: Math.round(performance.now() - last.clockMs) };
    if (took.cpuMs < workerData.limitMs && took.clockMs < workerData.stillMs) return;
    writeSync(2, 'input ' + (Atomics.load(at, 0) - 1) + ' does not end (' + took.cpuMs + ' ms of processor time, ' + took.clockMs + ' ms)\\n');
    process.kill(process.pid, 'SIGKILL');
  }, workerData.lookMs);
`;

export interface HangWatch {
  /** An input begins. */
  began(index: number): void;
  /** Nothing runs now. */
  rest(): void;
  stop(): Promise<number>;
}

/** Starts watching. */
export function watchHangs(limitMs = LIMIT_MS): HangWatch {
  const shared = new SharedArrayBuffer(8);
  const at = new Int32Array(shared);
  const worker = new Worker(WATCH, {
    eval: true,
    execArgv: [],
    workerData: { shared, limitMs, stillMs: STILL_MS, lookMs: LOOK_MS },
  });
  return {
    began(index) {
      Atomics.store(at, 0, index + 1);
      Atomics.add(at, 1, 1);
    },
    rest: () => void Atomics.store(at, 0, 0),
    stop: () => worker.terminate(),
  };
}
