import test from 'ava';
import type { ArmedSite, KernelSession } from '../kernel.js';
import { openKernel } from '../open-kernel.js';
import { GOID_OFFSET, lossesOf, slotOf, treeOf } from './measuring.js';
import { armedSites, findSites } from './sites.js';
import { buildGoTarget, startTarget, type Target } from './targets.js';
import { accounted, seeReturns, whileItRuns } from './under-load.js';

const NAMES = ['main.outer', 'main.middle', 'main.work'];
const KNOBS = { goidOffset: GOID_OFFSET, sampleRate: 0, slowerThanNs: 0 };

let target: Target;
test.before(async () => {
  target = await startTarget(buildGoTarget());
});
test.after.always(() => target.kill());

function openSession(names: readonly string[]): { session: KernelSession; sites: ArmedSite[] } {
  const session = openKernel().open({ slots: 4, sites: 64, stacks: 4096, nodes: 1024, ringBytes: 4096, maxSlow: 0 });
  names.forEach((_, slot) => {
    session.setKnobs(slot, KNOBS);
  });
  return { session, sites: armedSites(findSites(target.path, names), 'g_r14') };
}

test.serial('functions move from link to link under load, and every call counts once', async (t) => {
  const { session, sites } = openSession(NAMES);
  let { link } = session.arm(target.pid, target.path, 'timed', sites);
  let moves = 0;
  const truth = await whileItRuns(target, 'many', 1, (turn) => {
    const generation = (turn + 1) % 16;
    const next = session.arm(
      target.pid,
      target.path,
      'timed',
      sites.map((site) => ({ ...site, generation })),
    );
    NAMES.forEach((_, slot) => {
      session.setKnobs(slot, { ...KNOBS, generation });
    });
    session.disarm(link);
    ({ link } = next);
    moves += 1;
  });
  session.disarm(link);
  t.log(`${moves} moves`);
  t.true(moves > 3);
  t.deepEqual(lossesOf(session), {});
  for (const [slot, name] of (['outer', 'middle', 'work'] as const).entries()) {
    const { calls, returns, unwound, untracked } = slotOf(session, slot);
    t.deepEqual({ calls, returns, unwound, untracked }, { calls: truth[name], returns: truth[name], unwound: 0, untracked: 0 });
  }
  t.is(treeOf(session)['0>1>2'], 2 * truth.middle!);
  session.close();
});

for (const lingering of [false, true]) {
  test.serial(`return probes come and go under load ${lingering ? 'with' : 'without'} lingering`, async (t) => {
    const { session, sites } = openSession(NAMES);
    const [entries, returns] = [sites.filter((site) => site.role === 'entry'), sites.filter((site) => site.role === 'return')];
    const on = () => session.arm(target.pid, target.path, 'timed', returns).link;
    const { link } = session.arm(target.pid, target.path, 'timed', entries);
    let windows = 0;
    const truth = await whileItRuns(target, 'many', 2, async () => {
      NAMES.forEach((_, slot) => {
        session.setTiming(slot, 'timed');
      });
      const window = on();
      await seeReturns(session, 2);
      if (lingering) {
        NAMES.forEach((_, slot) => {
          session.setTiming(slot, 'untimed');
        });
      }
      session.disarm(window);
      windows += 1;
    });
    session.disarm(link);
    t.log(`${windows} windows`, slotOf(session, 2));
    t.true(windows > 3 && slotOf(session, 2).returns > windows);
    for (const [slot, name] of (['outer', 'middle', 'work'] as const).entries()) {
      const row = slotOf(session, slot);
      t.is(row.calls, truth[name]!);
      t.is(accounted(row), truth[name]!);
      t.is(row.inHistogram, row.returns);
      t.is(row.unwound, 0);
      t.is(row.joinedMidCall, 0);
    }
    t.is(session.readFrames().slot.length, 0);
    t.deepEqual(lossesOf(session), {});
    session.close();
  });
}

test.serial('what is measured in windows is never a wrong latency, whatever panics leave behind', async (t) => {
  const { session, sites } = openSession(['main.shelter', 'main.carry', 'main.explode']);
  const [entries, returns] = [sites.filter((site) => site.role === 'entry'), sites.filter((site) => site.role === 'return')];
  const { link } = session.arm(target.pid, target.path, 'timed', entries);
  const truth = await whileItRuns(target, 'panics', 12, async () => {
    const window = session.arm(target.pid, target.path, 'timed', returns);
    await seeReturns(session, 0);
    session.disarm(window.link);
  });
  session.disarm(link);
  for (const [slot, name] of (['shelter', 'carry', 'explode'] as const).entries()) {
    const row = slotOf(session, slot);
    t.is(row.calls, truth[name]!);
    t.is(accounted(row) + [...session.readFrames().slot].filter((open) => open === slot).length, truth[name]!);
    t.log(row);
    t.true(row.unwound <= truth.unwound!);
  }
  session.close();
});

test.serial('durations measured in windows are those of whole calls', async (t) => {
  const { session, sites } = openSession(['main.sleepy']);
  const [entries, returns] = [sites.filter((site) => site.role === 'entry'), sites.filter((site) => site.role === 'return')];
  const { link } = session.arm(target.pid, target.path, 'timed', entries);
  const truth = await whileItRuns(target, 'migrate', 10, async () => {
    const window = session.arm(target.pid, target.path, 'timed', returns);
    await seeReturns(session, 0);
    session.disarm(window.link);
  });
  session.disarm(link);
  const row = slotOf(session, 0);
  t.is(row.calls, truth.sleepy!);
  t.is(accounted(row), truth.sleepy!);
  t.log(row);
  t.true(row.returns > 0);
  t.true(session.readSlots().minNs[0]! >= 1_000_000n);
  t.true(session.readSlots().maxNs[0]! <= BigInt(truth.slowestNs!));
  session.close();
});

test.serial('a function that is armed again leaves the calls of before untracked', async (t) => {
  const { session, sites } = openSession(['main.wait']);
  const first = session.arm(target.pid, target.path, 'timed', sites);
  const truth = await target.exercise('open');
  session.disarm(first.link);
  t.is(session.readFrames().slot.length, truth.wait!);
  const second = session.arm(target.pid, target.path, 'timed', sites);
  t.is(session.readFrames().slot.length, 0);
  await target.exercise('release');
  session.disarm(second.link);
  const { calls, returns, untracked, joinedMidCall } = slotOf(session, 0);
  t.deepEqual(
    { calls, returns, untracked, joinedMidCall },
    { calls: truth.wait, returns: 0, untracked: truth.wait, joinedMidCall: 0 },
  );
  session.close();
});
