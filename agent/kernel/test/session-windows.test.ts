/** uprobe.session in windows: entry and return are one link, so that returns go on after a window and end with the link. */

import test, { type ExecutionContext } from 'ava';
import type { ArmedSite, KernelSession } from '../kernel.js';
import { openKernel } from '../open-kernel.js';
import { lossesOf, slotOf } from './measuring.js';
import { armedSites, findSites } from './sites.js';
import { buildCTarget, startTarget, type Target } from './targets.js';
import { accounted, seeReturns, whileItRuns } from './under-load.js';

const NAMES = ['branch', 'leaf'];
const KNOBS = { goidOffset: 0, sampleRate: 0, slowerThanNs: 0 };

let target: Target;
test.before(async () => {
  target = await startTarget(buildCTarget());
});
test.after.always(() => target.kill());

function openSession(names: readonly string[]): { session: KernelSession; sites: ArmedSite[] } {
  const session = openKernel().open({ slots: 4, sites: 64, stacks: 256, nodes: 1024, ringBytes: 4096, maxSlow: 0 });
  const sites = armedSites(findSites(target.path, names), 'thread').filter(({ role }) => role === 'entry');
  names.forEach((_, slot) => {
    session.setKnobs(slot, KNOBS);
  });
  return { session, sites };
}

/** Every call is counted once, none looks left, and some were timed. */
function isExact(t: ExecutionContext, session: KernelSession, truth: Record<string, number>): void {
  for (const [slot, name] of NAMES.entries()) {
    const row = slotOf(session, slot);
    t.log(name, row);
    t.is(row.calls, truth[name]!);
    t.is(accounted(row), truth[name]!);
    t.is(row.inHistogram, row.returns);
    t.deepEqual([row.unwound, row.joinedMidCall], [0, 0]);
    t.true(row.returns > 0);
  }
  t.is(session.readFrames().slot.length, 0);
  t.deepEqual(lossesOf(session), {});
}

test.serial('functions move from link to link under load, and every call counts once', async (t) => {
  const { session, sites } = openSession(NAMES);
  let { link } = session.arm(target.pid, target.path, 'session', sites);
  let moves = 0;
  const truth = await whileItRuns(target, 'threads', 20, async (turn) => {
    const generation = (turn + 1) % 16;
    const moved = sites.map((site) => ({ ...site, generation }));
    const next = session.arm(target.pid, target.path, 'session', moved);
    NAMES.forEach((_, slot) => {
      session.setKnobs(slot, { ...KNOBS, generation });
    });
    session.disarm(link);
    ({ link } = next);
    moves += 1;
    await seeReturns(session, 1);
  });
  session.disarm(link);
  t.log(`${moves} moves`);
  t.true(moves > 3);
  isExact(t, session, truth);
  session.close();
});

test.serial('windows of timing open and close under load, and every call counts once', async (t) => {
  const { session, sites } = openSession(NAMES);
  const { link } = session.arm(target.pid, target.path, 'session', sites);
  const truth = await whileItRuns(target, 'threads', 20, async (turn) => {
    NAMES.forEach((_, slot) => {
      session.setTiming(slot, turn % 2 === 0 ? 'untimed' : 'timed');
    });
    if (turn % 2 === 1) await seeReturns(session, 1);
  });
  session.disarm(link);
  isExact(t, session, truth);
  t.true(slotOf(session, 1).untracked > 0);
  session.close();
});

test.serial('windows of the link itself open and close under load, and every call that was seen counts once', async (t) => {
  const { session, sites } = openSession(NAMES);
  let windows = 0;
  const truth = await whileItRuns(target, 'threads', 20, async () => {
    NAMES.forEach((_, slot) => {
      session.setTiming(slot, 'timed');
    });
    const { link } = session.arm(target.pid, target.path, 'session', sites);
    await seeReturns(session, 1);
    NAMES.forEach((_, slot) => {
      session.setTiming(slot, 'untimed');
    });
    session.disarm(link);
    windows += 1;
  });
  t.log(`${windows} windows`);
  t.true(windows > 3);
  for (const [slot, name] of NAMES.entries()) {
    const row = slotOf(session, slot);
    t.log(name, row);
    t.true(row.returns > 0 && row.calls < truth[name]!);
    t.is(accounted(row), row.calls);
    t.deepEqual([row.unwound, row.joinedMidCall], [0, 0]);
  }
  t.is(session.readFrames().slot.length, 0);
  session.close();
});

test.serial('calls that are open when a window closes still return; those that are open when the link goes do not', async (t) => {
  const { session, sites } = openSession(['hold']);
  const first = session.arm(target.pid, target.path, 'session', sites);
  const { hold } = await target.exercise('hold');
  session.setTiming(0, 'untimed');
  t.is(session.readFrames().slot.length, hold!);
  await target.exercise('release');
  t.like(slotOf(session, 0), { calls: hold, returns: hold, untracked: 0 });
  session.setTiming(0, 'timed');
  await target.exercise('hold');
  session.setTiming(0, 'untimed');
  session.disarm(first.link);
  t.is(session.readFrames().slot.length, 0);
  t.like(slotOf(session, 0), { calls: 2 * hold!, returns: hold, untracked: hold });
  session.setTiming(0, 'timed');
  const second = session.arm(target.pid, target.path, 'session', sites);
  await target.exercise('release');
  t.like(slotOf(session, 0), { calls: 2 * hold!, returns: hold, untracked: hold, joinedMidCall: 0 });
  await target.exercise('hold');
  await target.exercise('release');
  session.disarm(second.link);
  t.like(slotOf(session, 0), { calls: 3 * hold!, returns: 2 * hold!, untracked: hold, unwound: 0, joinedMidCall: 0 });
  t.is(session.readFrames().slot.length, 0);
  t.deepEqual(lossesOf(session), {});
  session.close();
});
