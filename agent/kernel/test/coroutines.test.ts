import test from 'ava';
import { allReturned, lossesOf, slotOf, startMeasuring, treeOf } from './measuring.js';
import { buildTarget, startTarget, type Target } from './targets.js';

const NAMES = ['host', 'plain', 'both', 'visit'];

let target: Target;
test.before(async () => {
  target = await startTarget(buildTarget('coroutines.c', 'gcc -O1 -fno-omit-frame-pointer -fno-shrink-wrap -pthread'));
});
test.after.always(() => target.kill());

for (const exercise of ['first', 'threads']) {
  const where = exercise === 'first' ? 'the first thread' : 'other threads';
  test.serial(`of coroutines on ${where} the calls on the own stack are exact and the others untracked`, async (t) => {
    const { session, link } = startMeasuring(target, { names: NAMES, owner: 'thread', knobs: { sampleRate: 1 } });
    const truth = await target.exercise(exercise);
    session.disarm(link);
    t.deepEqual(slotOf(session, 0), allReturned(truth.host!));
    t.deepEqual(slotOf(session, 1), allReturned(truth.plain!));
    const own = { returns: truth.bothOwn!, inHistogram: truth.bothOwn!, untracked: truth.both! - truth.bothOwn! };
    t.deepEqual(slotOf(session, 2), allReturned(truth.both!, own));
    t.deepEqual(slotOf(session, 3), allReturned(truth.visit!, { returns: 0, inHistogram: 0, untracked: truth.visit! }));
    t.deepEqual(treeOf(session), { '0': truth.host, '0>1': truth.plain, '2': truth.bothOwn });
    t.is(lossesOf(session).foreign_stack, truth.visit! + truth.both! - truth.bothOwn!);
    t.is(session.readFrames().slot.length, 0);
    session.close();
  });
}

for (const program of ['timed', 'session'] as const) {
  test.serial(
    `a signal handler on its own stack is untracked, and the call that it interrupts is exact, with "${program}"`,
    async (t) => {
      const { session, link } = startMeasuring(target, { names: ['raiser', 'handled'], owner: 'thread', program });
      const truth = await target.exercise('signals');
      session.disarm(link);
      t.deepEqual(slotOf(session, 0), allReturned(truth.raiser!));
      t.deepEqual(slotOf(session, 1), allReturned(truth.handled!, { returns: 0, inHistogram: 0, untracked: truth.handled! }));
      session.close();
    },
  );
}

test.serial("calls on a stack in one mapping with the first thread's descriptor are untracked, never unwound", async (t) => {
  const { session, link } = startMeasuring(target, { names: ['visit'], owner: 'thread' });
  const truth = await target.exercise('joined');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.visit!, { returns: 0, inHistogram: 0, untracked: truth.visit! }));
  session.close();
});
