import test from 'ava';
import { estimateCalls } from './estimate.js';

test('what was seen all the time is a count', (t) => {
  t.deepEqual(estimateCalls([{ calls: 10, ns: 1e9, costNs: 5000, cpuNs: 1e9 }], { ns: 0, cpuNs: 0 }), {
    calls: 10,
    error: 0,
    seen: 10,
  });
});

test('equal windows give their rate with no spread', (t) => {
  const windows = Array.from({ length: 10 }, () => ({ calls: 100, ns: 1e7, costNs: 0, cpuNs: 1e7 }));
  t.deepEqual(estimateCalls(windows, { ns: 9e8, cpuNs: 0 }), { calls: 10_000, error: 0, seen: 1000 });
});

test('the interval covers the truth about 95 times of 100', (t) => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  let covered = 0;
  for (let run = 0; run < 400; run++) {
    const periods = Array.from({ length: 40 }, () => 500 + Math.floor(random() * 1000));
    const windows = periods.map((calls) => ({ calls: calls / 10, ns: 1e8, costNs: 0, cpuNs: 1e8 }));
    const truth = periods.length * 1000;
    const { calls, error } = estimateCalls(windows, { ns: 40 * 9e8, cpuNs: 0 });
    if (Math.abs(calls - truth) <= error) covered++;
  }
  t.true(covered > 360, `${covered} of 400`);
});

const HIT_NS = 550;
const window = (calls: number, ns = 20e6) => ({ calls, ns, costNs: calls * HIT_NS, cpuNs: ns });

test('the interval holds the truth of a program that the probes slow, and of one that they do not', (t) => {
  const unseenNs = 10e9;
  for (const callNs of [500, 1000, 10_000]) {
    const slowed = 20e6 / (callNs + HIT_NS);
    const { calls, error } = estimateCalls([window(slowed), window(slowed)], { ns: unseenNs, cpuNs: unseenNs });
    for (const truth of [unseenNs / callNs, slowed * (unseenNs / 20e6)])
      t.true(Math.abs(calls - truth) <= error + 3 * slowed, `${calls} ± ${error}, truth ${truth}`);
    t.true(callNs < 10_000 || error < 0.05 * calls, `${calls} ± ${error}`);
  }
});

test('calls that take no time beside their probes are bounded by what a processor can do', (t) => {
  const { calls, error } = estimateCalls([window(20e6 / (HIT_NS + 2))], { ns: 10e9, cpuNs: 10e9 });
  t.true(calls + error >= 10e9 / 2, `${calls} ± ${error}`);
  t.true(calls + error <= 10.1e9, `${calls} ± ${error}`);
});

test('windows in which the program rested do not hide those in which it called', (t) => {
  const unseenNs = 3e9;
  const callNs = 60;
  const busy = window(20e6 / (callNs + HIT_NS));
  const resting = { calls: 0, ns: 20e6, costNs: 0, cpuNs: 0 };
  const { calls, error } = estimateCalls([resting, busy, busy, resting], { ns: 2 * unseenNs, cpuNs: unseenNs });
  const truth = unseenNs / callNs;
  t.true(Math.abs(calls - truth) <= error, `${calls} ± ${error}, truth ${truth}`);
});

test('windows whose probes cost less count for more', (t) => {
  const cheap = { calls: 10_000, ns: 20e6, costNs: 2e6, cpuNs: 20e6 };
  const dear = { calls: 1000, ns: 20e6, costNs: 18e6, cpuNs: 20e6 };
  const { calls, error } = estimateCalls([cheap, cheap, dear], { ns: 1e9, cpuNs: 1e9 });
  t.true(Math.abs(calls - 21_000 - 500_000 * 1.06) < 20_000, `${calls}`);
  t.true(error < 50_000, `${error}`);
});

test('where the cost of the probes comes on top, the rate of the windows is the estimate', (t) => {
  const [calls, ns, ownShare] = [600, 20e6, 0.01];
  const paced = { calls, ns, costNs: calls * 10_000, cpuNs: ns * ownShare + calls * 11_000 };
  const unseen = { ns: 8e9, cpuNs: 8e9 * ownShare };
  t.is(estimateCalls([paced, paced], unseen).calls, 2 * calls + (8e9 / ns) * calls);
});
