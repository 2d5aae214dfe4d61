import test from 'ava';
import { goBuild } from '../targets/builds.js';
import { rowOf, TIME_SLICE_NS } from './lines.js';
import { openStage, type Stage } from './stage.js';

let stage: Stage;
test.before(async () => {
  stage = await openStage();
});
test.after.always(() => stage.close());

/** Half a bucket of the histogram. */
const RELATIVE_ERROR = 1 / 64;

const nearestRank = (ascending: number[], quantile: number) =>
  ascending[Math.ceil(quantile * ascending.length) - 1] ?? Number.NaN;

test('percentiles of latencies from 50 us to 50 ms are within 1.6 % and the cost of the probes', async (t) => {
  const target = await stage.target(goBuild());
  const { calibration } = JSON.parse((await stage.coral('doctor', '--format', 'json')).stdout);
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Wait', '--budget', 'unlimited');
  const truth = await target.run('wait', 1000, 8);
  const { latency } = rowOf(await attachment.end(), 'main.Wait');
  const own = truth.durations_ns ?? [];

  t.is(latency?.count, 1000);
  t.false(latency?.estimated);
  for (const [key, quantile] of [
    ['p50_ns', 0.5],
    ['p95_ns', 0.95],
    ['p99_ns', 0.99],
  ] as const) {
    const expected = nearestRank(own, quantile);
    const measured = latency?.[key] ?? Number.NaN;
    t.true(measured >= expected * (1 - RELATIVE_ERROR), `${key}: ${measured} is below ${expected}`);
    t.true(
      measured <= (expected + 2 * calibration.return_pair_ns) * (1 + RELATIVE_ERROR),
      `${key}: ${measured} is above ${expected}`,
    );
  }
  const longest = own.at(-1) ?? Number.NaN;
  t.true((latency?.max_ns ?? 0) >= longest, 'the probes enclose what the function measured');
  t.true(
    (latency?.max_ns ?? 0) <= longest + 10 * calibration.return_pair_ns + TIME_SLICE_NS,
    `max ${latency?.max_ns} against ${longest}`,
  );
});
