import test from 'ava';
import { SESSION_FRAMES } from '../limits.js';
import { openKernel } from '../open-kernel.js';
import { allReturned, lossesOf, slotOf, startMeasuring, treeOf } from './measuring.js';
import { armedSites, findSites } from './sites.js';
import { buildCTarget, startTarget, type Target } from './targets.js';

let target: Target;
test.before(async () => {
  target = await startTarget(buildCTarget());
});
test.after.always(() => target.kill());

for (const program of ['timed', 'session'] as const) {
  test.serial(`calls on threads are exact with the program "${program}"`, async (t) => {
    const names = ['branch', 'leaf'];
    const { session, link } = startMeasuring(target, { names, owner: 'thread', program });
    const truth = await target.exercise('threads');
    session.disarm(link);
    t.deepEqual(slotOf(session, 0), allReturned(truth.branch!));
    t.deepEqual(slotOf(session, 1), allReturned(truth.leaf!));
    t.deepEqual(treeOf(session), { '0': truth.branch, '0>1': truth.leaf });
    t.deepEqual(lossesOf(session), {});
    session.close();
  });
}

test.serial('recursion on threads is exact', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['descend'], owner: 'thread' });
  const truth = await target.exercise('deep');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.descend!));
  const { parent, calls, selfNs, totalNs } = session.readNodes();
  const sum = (column: BigUint64Array) => column.reduce((total, each) => total + each, 0n);
  t.is(sum(calls), BigInt(truth.descend!));
  t.is(sum(selfNs), totalNs[parent.indexOf(0)]!);
  session.close();
});

test.serial('of deep recursion uprobe.session sees the outer calls return, and the others are untracked', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['descend'], owner: 'thread', program: 'session' });
  const truth = await target.exercise('deep');
  session.disarm(link);
  const returns = 2 * SESSION_FRAMES;
  const untracked = truth.descend! - returns;
  t.deepEqual(slotOf(session, 0), allReturned(truth.descend!, { returns, inHistogram: returns, untracked }));
  t.deepEqual(lossesOf(session), { stack_too_deep: untracked });
  session.close();
});

for (const program of ['timed', 'session'] as const) {
  test.serial(`frames that longjmp leaves are unwound with the program "${program}"`, async (t) => {
    const { session, link } = startMeasuring(target, { names: ['catcher', 'jumper'], owner: 'thread', program });
    const truth = await target.exercise('jumps');
    session.disarm(link);
    const returns = truth.jumper! - truth.unwound!;
    t.deepEqual(slotOf(session, 0), allReturned(truth.catcher!));
    t.deepEqual(slotOf(session, 1), allReturned(truth.jumper!, { returns, unwound: truth.unwound!, inHistogram: returns }));
    session.close();
  });
}

test.serial('a function of one RET is a call of no time at each hit', async (t) => {
  const session = openKernel().open({ slots: 1, sites: 1, stacks: 64, nodes: 16, ringBytes: 4096, maxSlow: 0 });
  const offset = findSites(target.path, ['only_return'])[0]!.entry;
  const { link } = session.arm(target.pid, target.path, 'timed', [
    { slot: 0, site: 0, offset, role: 'entry_return', owner: 'thread', jbe: false },
  ]);
  const truth = await target.exercise('small');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.only_return!));
  t.is(session.readSlots().maxNs[0], 0n);
  session.close();
});

test.serial(
  'a function with a site that the kernel refuses is left out, by name of the site, and the others count',
  async (t) => {
    const session = openKernel().open({ slots: 2, sites: 8, stacks: 64, nodes: 16, ringBytes: 4096, maxSlow: 0 });
    const sites = armedSites(findSites(target.path, ['locked', 'leaf']), 'thread');
    const { link, refused } = session.arm(target.pid, target.path, 'timed', sites);
    t.deepEqual(refused, [{ site: 0, errno: 524 }]);
    const truth = await target.exercise('threads');
    await target.exercise('small');
    session.disarm(link);
    t.deepEqual(slotOf(session, 0), allReturned(0));
    t.deepEqual(slotOf(session, 1), allReturned(truth.leaf!));
    session.close();
  },
);

for (const program of ['timed', 'session'] as const) {
  test.serial(`threads that end within a call leave it as unwound, and their places to others, with "${program}"`, async (t) => {
    const { session, link } = startMeasuring(target, { names: ['quit'], owner: 'thread', program, options: { stacks: 512 } });
    const rounds = 4; // more threads than places
    const counts: number[] = [];
    for (let round = 0; round < rounds; round++) {
      counts.push((await target.exercise('quits')).quit!);
      session.buryDeadThreads();
      session.buryDeadThreads();
    }
    session.disarm(link);
    const calls = counts.reduce((sum, count) => sum + count, 0);
    t.deepEqual(slotOf(session, 0), allReturned(calls, { returns: 0, unwound: calls, inHistogram: 0 }));
    t.deepEqual(lossesOf(session), {});
    t.is(session.readFrames().slot.length, 0);
    session.close();
  });
}

test.serial('calls that are open when their probes are taken off are not unwound, nor lost when their thread ends', async (t) => {
  for (let round = 0; round < 30; round++) {
    const session = openKernel().open({ slots: 2, sites: 8, stacks: 512, nodes: 16, ringBytes: 4096, maxSlow: 0 });
    // The callee's probes go first: its caller may be seen to return when itself was not.
    const { link } = session.arm(
      target.pid,
      target.path,
      'timed',
      armedSites(findSites(target.path, ['leaf', 'branch']), 'thread'),
    );
    const running = target.exercise('threads');
    await new Promise((resolve) => setTimeout(resolve, round % 10));
    session.disarm(link);
    await running; // all threads have ended
    const frames = session.readFrames().slot;
    for (const slot of [0, 1]) {
      const { calls, returns, unwound, untracked } = slotOf(session, slot);
      t.is(unwound, 0);
      t.is(calls, returns + untracked + frames.filter((each) => each === slot).length);
    }
    session.close();
  }
});

test.serial('a process that is gone is an error with its errno', (t) => {
  const session = openKernel().open({ slots: 1, sites: 8, stacks: 64, nodes: 16, ringBytes: 4096, maxSlow: 0 });
  const sites = armedSites(findSites(target.path, ['leaf']), 'thread');
  const path = target.path;
  t.throws(() => session.arm(2 ** 22 - 1, path, 'timed', sites), {
    name: 'KernelError',
    message: `uprobe_multi link on ${path}: ESRCH`,
  });
  t.throws(() => session.arm(target.pid, '/nowhere', 'timed', sites), { message: 'uprobe_multi link on /nowhere: ENOENT' });
  session.close();
});
