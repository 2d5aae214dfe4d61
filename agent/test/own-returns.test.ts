/** C programs that a replaced return address would end, or make compute something else, though nothing in them unwinds. */

import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildC, buildWith } from './go-target.js';
import { rowsOf, startPair } from './real-pair.js';

for (const { title, path, timed, counted, handler } of [
  {
    title: 'handlers of signals above what they interrupt leave it alone, and are untracked',
    path: () => buildC('values/signal-stack.c'),
    timed: ['interrupted'],
    counted: [],
    handler: ['inhandler'],
  },
  {
    title: 'functions that look at their callers’ frames see what they always see',
    path: () => buildWith('gcc', 'values/frame-walks.c', ['-O1', '-fno-omit-frame-pointer'], '-framed'),
    timed: ['asked', 'walked'],
    counted: [],
    handler: [],
  },
  {
    title: 'coroutines on slices of the main stack live on, and what calls nothing is timed',
    path: () => buildC('values/slices.c'),
    timed: ['leaf'],
    counted: ['work'],
    handler: [],
  },
]) {
  test.serial(title, async (t) => {
    const [plain, target] = [await startTarget(path()), await startTarget(path())];
    t.teardown(() => plain.kill());
    t.teardown(() => target.kill());
    const pair = await startPair();
    t.teardown(() => pair.stop());
    const config = { returns: 'auto' } as const;
    const armed = await pair.open('dbg-own-returns', {
      pids: [target.pid],
      functions: [...timed, ...counted, ...handler],
      config,
    });
    const truth = await target.exercise('work');
    t.deepEqual(truth, await plain.exercise('work'));
    const rows = rowsOf((await pair.close('dbg-own-returns')).tick, armed);
    for (const name of timed) t.like(rows[`${name} ${target.pid}`], { calls: truth[name]!, returns: truth[name]! }, name);
    for (const name of counted) t.is(rows[`${name} ${target.pid}`]!.calls, truth[name]!, name);
    for (const name of handler) t.like(rows[`${name} ${target.pid}`], { calls: truth[name]!, untracked: truth[name]! }, name);
    t.deepEqual(await target.exercise('work'), await plain.exercise('work'));
  });
}
