/** Arguments and results of C functions, at every way of probing returns. */

import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildC } from './go-target.js';
import { startPair } from './real-pair.js';

test('numbers of C functions are as the program passed and returned them', async (t) => {
  const target = await startTarget(buildC('values/forks.c'));
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  for (const returns of ['sites', 'session']) {
    const config = { captureArgs: true, captureReturn: true, filterExpressions: ['n >= 998'], returns };
    await pair.open(`dbg-${returns}`, { pids: [target.pid], functions: ['serve'], config });
    await target.exercise('work');
    await pair.close(`dbg-${returns}`);
    t.deepEqual(
      pair.calls(`dbg-${returns}`).map((call) => [call.arguments, call.results]),
      [998, 999].map((n) => [[{ name: 'n', type: 'int', value: n }], [{ name: '', type: 'int', value: n + 1 }]]),
    );
  }
});
