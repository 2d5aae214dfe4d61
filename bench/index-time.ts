/** From an executable's path to every function's name, address and size. */

import { openImage } from '../agent/symbols/open-image.js';
import { type Measurement, median } from './report.js';
import { wideProgram } from './wide-program.js';

const ROUNDS = 7;

/** Time to open and to read all names of a Go program with over 50,000 functions. */
export async function* measureIndex(): AsyncIterable<Measurement> {
  const path = await wideProgram();
  const timesMs: number[] = [];
  let functions = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const image = openImage(path);
    functions = image.functions.names().length;
    timesMs.push(performance.now() - started);
  }
  yield { what: 'functions in the program', value: functions, unit: '', goal: { atLeast: 50_000 } };
  yield { what: 'first time in a process', value: timesMs[0] ?? Number.NaN, unit: 'ms', goal: { atMost: 150 } };
  yield { what: 'median', value: median(timesMs), unit: 'ms', goal: { atMost: 150 } };
}
