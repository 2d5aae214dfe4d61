/** Arguments and results of C functions, at every way of probing returns. */

import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildC, buildWith } from './go-target.js';
import { startPair } from './real-pair.js';

test.serial('numbers of C functions are as the program passed and returned them', async (t) => {
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

for (const compiler of ['gcc', 'clang']) {
  for (const level of ['-O0', '-O2']) {
    test.serial(`numbers of a function with another calling convention are not made up: ${compiler} ${level}`, async (t) => {
      const target = await startTarget(buildWith(compiler, 'values/conventions.c', ['-g', level], `-${compiler}${level}`));
      t.teardown(() => target.kill());
      const pair = await startPair();
      const config = { captureArgs: true, captureReturn: true, sampleRate: 1 };
      const armed = await pair.open('dbg-conventions', { pids: [target.pid], functions: ['here', 'windows'], config });
      await target.exercise('work');
      await pair.close('dbg-conventions');
      const calls = pair.calls('dbg-conventions');
      await pair.stop();
      const numbersOf = (name: string): unknown[] =>
        calls
          .filter(({ row }) => armed.slots[row]!.name === name)
          .flatMap((call) => [...call.arguments!, ...call.results!].map((shown) => ('value' in shown ? shown.value : null)));
      t.deepEqual(numbersOf('here'), [5, 1000, 1015]);
      t.deepEqual(numbersOf('windows'), level === '-O0' ? [null, null, null] : [7, 2000, null]);
    });
  }
}
