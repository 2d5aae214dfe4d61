/** A C program whose coroutines lie on one stack: to its unwinders and to the stack pointer it is like any other. */

import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildC } from './go-target.js';
import { rowsOf, startPair } from './real-pair.js';

test('coroutines on slices of the main stack live on, and what calls nothing is timed', async (t) => {
  const path = buildC('values/slices.c');
  const [plain, target] = [await startTarget(path), await startTarget(path)];
  t.teardown(() => plain.kill());
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  const armed = await pair.open('dbg-slices', { pids: [target.pid], functions: ['work', 'leaf'], config: { returns: 'auto' } });
  const truth = await target.exercise('work');
  t.deepEqual(truth, await plain.exercise('work'));
  const { tick } = await pair.close('dbg-slices');
  const rows = rowsOf(tick, armed);
  t.like(rows[`leaf ${target.pid}`], { calls: truth.leaf!, returns: truth.leaf! });
  t.is(rows[`work ${target.pid}`]!.calls, truth.work!);
  t.deepEqual(await target.exercise('work'), await plain.exercise('work'));
});
