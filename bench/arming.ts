/** How long it takes to plan, to arm and to take off the probes of 1, 50 and 1,000 functions of a running program. */

import { openKernel } from '../agent/kernel/open-kernel.js';
import type { Image } from '../agent/symbols/image.js';
import { openImage } from '../agent/symbols/open-image.js';
import { changedText } from '../test/story/text-of.js';
import { startProgram, type Target } from '../test/targets/target.js';
import { optionsFor, planRows } from './plan.js';
import { type Measurement, median } from './report.js';
import { wideProgram } from './wide-program.js';

const ROUNDS = 5;
const GOALS: Record<number, { armMs?: number; disarmMs?: number }> = {
  1: {},
  50: { disarmMs: 50 },
  1000: { armMs: 250, disarmMs: 500 },
};

/** Timed probes (entry and every return) on functions of the wide program. */
export async function* measureArming(): AsyncIterable<Measurement> {
  const target = await startProgram(await wideProgram());
  try {
    const image = openImage(target.path);
    for (const [count, { armMs, disarmMs }] of Object.entries(GOALS)) {
      const times = measureCount(target, image, Number(count));
      yield { what: `${count} functions: plan`, value: times.planMs, unit: 'ms' };
      yield { what: `${count} functions: attach`, value: times.armMs, unit: 'ms', ...atMost(armMs) };
      yield { what: `${count} functions: detach`, value: times.disarmMs, unit: 'ms', ...atMost(disarmMs) };
    }
    if (changedText(target.pid).length > 0) throw new Error('the text differs from the file after the last detach');
  } finally {
    target.kill();
  }
}

function atMost(limit: number | undefined): { goal?: { atMost: number } } {
  return limit === undefined ? {} : { goal: { atMost: limit } };
}

function measureCount({ pid, path }: Target, image: Image, count: number) {
  const planMs: number[] = [];
  const armMs: number[] = [];
  const disarmMs: number[] = [];
  const rows = Array.from({ length: count }, (_, n) => image.functions.find(`wide/p${n % 50}.F${Math.floor(n / 50)}`)).flat();
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const plan = planRows(image, rows);
    planMs.push(performance.now() - start);
    const session = openKernel().open(optionsFor(plan));
    const beforeArm = performance.now();
    const { link } = session.arm(pid, path, 'timed', plan.sites);
    const afterArm = performance.now();
    session.disarm(link);
    armMs.push(afterArm - beforeArm);
    disarmMs.push(performance.now() - afterArm);
    session.close();
  }
  return { planMs: median(planMs), armMs: median(armMs), disarmMs: median(disarmMs) };
}
