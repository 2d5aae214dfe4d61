import test from 'ava';
import { estimateCalls } from './estimate.js';
import type { Stretch } from './expected-calls.js';
import { MOST_STRETCHES, shorten } from './shorten.js';

/** A window of a paced program, every fourth with return probes. */
const window = (number: number): Stretch => {
  const calls = 400 + ((number * 37) % 41);
  const after = { ns: 1.2e9, cpuNs: 30e6, waitNs: 1e6 };
  const kind = number % 4 === 0 ? 'timed' : 'counted';
  return { kind, calls, ns: 50e6, costNs: calls * 700, cpuNs: 1.25e6 + calls * 700, waitNs: 0, after };
};

test('few windows stay as they are', (t) => {
  const windows = Array.from({ length: MOST_STRETCHES }, (_, number) => window(number));
  t.deepEqual(shorten(windows), windows);
});

test('the windows of a long session are kept in few, which tell the same', (t) => {
  const all = Array.from({ length: 1000 }, (_, number) => window(number));
  let few: Stretch[] = [];
  for (const each of all) few = shorten([...few, each]);
  t.true(few.length <= MOST_STRETCHES, `${few.length}`);
  const unseenNs = (windows: readonly Stretch[]) => windows.reduce((sum, { after }) => sum + after.ns, 0);
  t.is(unseenNs(few), unseenNs(all));
  const seen = all.reduce((sum, { calls }) => sum + calls, 0);
  const [whole, short] = [estimateCalls(seen, all), estimateCalls(seen, few)];
  t.true(Math.abs(whole.calls - short.calls) < 0.01 * whole.calls, `${short.calls}, of all ${whole.calls}`);
  t.true(short.error > 0.5 * whole.error && short.error < 2 * whole.error, `± ${short.error}, of all ± ${whole.error}`);
});
