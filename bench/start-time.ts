/** What a person waits for at the beginning: the session line, and the first paint of `coral top`. */

import { openStage } from '../test/story/stage.js';
import { goBuild } from '../test/targets/builds.js';
import { type Measurement, median } from './report.js';

const ROUNDS = 5;

/** `coral debug attach` to its session line, with and without a running pair; `coral top` to its first paint. */
export async function* measureStart(): AsyncIterable<Measurement> {
  const cold = await inRounds(attachColdMs);
  yield { what: 'attach to its session line, nothing running', value: cold, unit: 'ms', goal: { atMost: 1500 } };
  const stage = await openStage();
  try {
    const { pid } = await stage.target(goBuild());
    const attachMs = async () => {
      const started = performance.now();
      const attachment = await stage.attach(`pid:${pid}`, '--function', 'main.Pay');
      const tookMs = performance.now() - started;
      await attachment.end();
      return tookMs;
    };
    await attachMs();
    yield { what: 'attach to its session line, pair up', value: await inRounds(attachMs), unit: 'ms', goal: { atMost: 400 } };
    const paint = await inRounds(async () => {
      const screen = stage.screen(['top']);
      await screen.shows(/Services/);
      screen.type('q');
      await screen.exited;
      return screen.firstPaintMs() ?? Number.NaN;
    });
    yield { what: 'coral top to its first paint', value: paint, unit: 'ms', goal: { atMost: 250 } };
  } finally {
    await stage.close();
  }
}

async function attachColdMs(): Promise<number> {
  const stage = await openStage();
  try {
    const { pid } = await stage.target(goBuild());
    const started = performance.now();
    const attachment = await stage.attach(`pid:${pid}`, '--function', 'main.Pay');
    const tookMs = performance.now() - started;
    await attachment.end();
    return tookMs;
  } finally {
    await stage.close();
  }
}

async function inRounds(measureMs: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await measureMs());
  return median(times);
}
