import test from 'ava';
import { openKernel } from '../open-kernel.js';
import { allReturned, lossesOf, slotOf, startMeasuring, treeOf } from './measuring.js';
import { armedSites, findSites } from './sites.js';
import { buildCTarget, buildGoTarget, startTarget } from './targets.js';

const WITHOUT = ['uprobe_multi'] as const;

test.serial('without uprobe_multi calls are as exact, with a perf event a probe', async (t) => {
  const target = await startTarget(buildGoTarget());
  t.teardown(() => target.kill());
  const { session, link } = startMeasuring(target, { names: ['main.outer', 'main.middle', 'main.work'], without: WITHOUT });
  const truth = await target.exercise('many');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.outer!));
  t.deepEqual(slotOf(session, 2), allReturned(truth.work!));
  t.is(treeOf(session)['0>1>2'], 2 * truth.middle!);
  t.deepEqual(lossesOf(session), {});
  session.close();
});

test.serial('without uprobe_multi all threads are covered, and no other process', async (t) => {
  const [target, other] = [await startTarget(buildCTarget()), await startTarget(buildCTarget())];
  t.teardown(() => target.kill());
  t.teardown(() => other.kill());
  const { session, link } = startMeasuring(target, { names: ['branch', 'leaf'], owner: 'thread', without: WITHOUT });
  const [truth] = await Promise.all([target.exercise('threads'), other.exercise('threads')]);
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth!.branch!));
  t.deepEqual(slotOf(session, 1), allReturned(truth!.leaf!));
  session.close();
});

test.serial('without uprobe_multi a refused site is still named, and too many probes are an error', async (t) => {
  const target = await startTarget(buildCTarget());
  t.teardown(() => target.kill());
  const kernel = openKernel(WITHOUT);
  const session = kernel.open({ slots: 2, sites: 128, stacks: 64, nodes: 16, ringBytes: 4096, maxSlow: 0 });
  const { refused } = session.arm(
    target.pid,
    target.path,
    'timed',
    armedSites(findSites(target.path, ['locked', 'leaf']), 'thread'),
  );
  t.deepEqual(
    refused.map(({ site }) => site),
    [0],
  );
  const many = Array.from({ length: kernel.maxProbes! }, (_, site) => ({
    ...armedSites(findSites(target.path, ['leaf']), 'thread')[0]!,
    site,
  }));
  t.throws(() => session.arm(target.pid, target.path, 'count', many), { message: /^66 probes; this kernel takes 64: E2BIG/ });
  session.close();
});

test.serial('without uprobe.session its program is refused by name, and doctor says that it is switched off', async (t) => {
  const target = await startTarget(buildCTarget());
  t.teardown(() => target.kill());
  t.throws(() => startMeasuring(target, { names: ['leaf'], owner: 'thread', program: 'session', without: ['session'] }), {
    message: 'uprobe.session: EOPNOTSUPP',
  });
  const off = openKernel(['session', 'uprobe_multi'])
    .features()
    .filter(({ ok }) => !ok);
  t.deepEqual(
    off.map(({ name, detail }) => `${name} ${detail}`),
    ['uprobe_multi switched off', 'uprobe_session switched off'],
  );
});

test.serial('without batches every single call comes through too', async (t) => {
  const target = await startTarget(buildCTarget());
  t.teardown(() => target.kill());
  const { session, link } = startMeasuring(target, {
    names: ['leaf'],
    owner: 'thread',
    knobs: { sampleRate: 1 },
    without: ['batch'],
  });
  const truth = await target.exercise('threads');
  session.disarm(link);
  t.is(session.takeCalls()!.slot.length, truth.leaf!);
  session.close();
});
