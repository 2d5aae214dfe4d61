import test from 'ava';
import type { ThreadTimes } from '../ports.js';
import { addShares, addSharesOnce, NO_SHARES, type ThreadShares } from './thread-shares.js';

const at = (ns: number, ...threads: [number, number][]) => {
  const times: ThreadTimes = new Map(threads.map(([thread, cpuNs]) => [thread, { cpuNs, waitNs: 0 }]));
  return { ns, threads: times };
};

test('what each thread used is told by windows and the time after them, of a thread that has ended too', (t) => {
  const first = addShares(new Map(), 'probed', at(0, [1, 5], [2, 0]), at(10, [1, 9], [2, 10]), at(100, [1, 20], [2, 60]));
  const both = addShares(first, 'counted', at(100, [1, 20], [2, 60]), at(110, [1, 25], [2, 70]), at(200, [1, 30], [3, 7]));
  t.deepEqual(
    [...both],
    [
      [1, { probed: 4, timed: 0, counted: 5, after: 16 }],
      [2, { probed: 10, timed: 0, counted: 10, after: 50 }],
      [3, { probed: 0, timed: 0, counted: 0, after: 7 }],
    ],
  );
});

test('what no thread can have used in a window belongs to the time after it', (t) => {
  const shares = addShares(new Map(), 'counted', at(0, [1, 0]), at(10, [1, 14]), at(100, [1, 30]));
  t.deepEqual(shares.get(1), { probed: 0, timed: 0, counted: 10, after: 20 });
});

test('of threads that come and go by thousands nothing is kept but their sum', (t) => {
  let shares: ThreadShares = new Map();
  for (let ns = 0; ns < 1000; ns++)
    shares = addShares(shares, 'counted', at(ns), at(ns + 0.5, [ns, 0.25]), at(ns + 1, [ns, 0.5]));
  t.true(shares.size < 100, `${shares.size}`);
  t.is(
    [...shares.values()].reduce((sum, { after }) => sum + after, 0),
    250,
  );
});

test('slots that are switched together have one answer', (t) => {
  const add = addSharesOnce();
  const [opened, closed, next] = [at(0, [1, 0]), at(10, [1, 5]), at(100, [1, 30])];
  const first = add(NO_SHARES, 'counted', opened, closed, next);
  t.is(add(NO_SHARES, 'counted', { ...opened }, closed, next), first);
  t.not(add(NO_SHARES, 'timed', opened, closed, next), first);
  t.deepEqual(add(first, 'counted', opened, closed, next), addShares(first, 'counted', opened, closed, next));
});
