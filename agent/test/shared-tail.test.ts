/** Functions of assembly that go on in one another. */

import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildC } from './go-target.js';
import { rowsOf, startPair } from './real-pair.js';

test('who jumps into a function behind its first instruction has not called it', async (t) => {
  const target = await startTarget(buildC('values/shared_tail.c'));
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  const armed = await pair.open('dbg-tail', { pids: [target.pid], functions: ['plain', 'shifted'] });
  const truth = await target.exercise('work');
  const { tick } = await pair.close('dbg-tail');
  const rows = rowsOf(tick, armed);
  for (const name of ['plain', 'shifted']) {
    const calls = truth[name]!;
    t.like(rows[`${name} ${target.pid}`], { calls, returns: calls, inFlight: 0, unwound: 0 }, name);
  }
});
