import test from 'ava';
import { estimateCalls } from './estimate.js';

test('what was seen all the time is a count', (t) => {
  t.deepEqual(estimateCalls([{ calls: 10, ns: 1e9 }], 0), { calls: 10, error: 0, seen: 10 });
});

test('equal windows give their rate with no spread', (t) => {
  const windows = Array.from({ length: 10 }, () => ({ calls: 100, ns: 1e7 }));
  t.deepEqual(estimateCalls(windows, 9e8), { calls: 10_000, error: 0, seen: 1000 });
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
    const windows = periods.map((calls) => ({ calls: calls / 10, ns: 1e8 }));
    const truth = periods.length * 1000;
    const { calls, error } = estimateCalls(windows, 40 * 9e8);
    if (Math.abs(calls - truth) <= error) covered++;
  }
  t.true(covered > 360, `${covered} of 400`);
});
