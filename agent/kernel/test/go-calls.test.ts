import test from 'ava';
import { bucketOf } from '../../../snapshots/histogram/buckets.js';
import { HIST_BUCKETS } from '../limits.js';
import { allReturned, lossesOf, slotOf, startMeasuring, treeOf } from './measuring.js';
import { armedSites, findSites } from './sites.js';
import { buildFixedHeapTarget, buildGoTarget, startTarget, type Target } from './targets.js';

let target: Target;
test.before(async () => {
  target = await startTarget(buildGoTarget());
});
test.after.always(() => target.kill());

test.serial('calls on eight goroutines are counted, timed and put into the tree to the last one', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.outer', 'main.middle', 'main.work'] });
  const truth = await target.exercise('many');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.outer!));
  t.deepEqual(slotOf(session, 1), allReturned(truth.middle!));
  t.deepEqual(slotOf(session, 2), allReturned(truth.work!));
  t.deepEqual(treeOf(session), { '0': truth.outer, '0>1': truth.middle, '0>2': truth.outer, '0>1>2': 2 * truth.middle! });
  t.deepEqual(lossesOf(session), {});
  t.is(session.readFrames().slot.length, 0);
  session.close();
});

test.serial('self times of the tree add up to the total of its root', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.outer', 'main.middle', 'main.work'] });
  await target.exercise('many');
  session.disarm(link);
  const { parent, totalNs, selfNs } = session.readNodes();
  const self = selfNs.reduce((total, value) => total + value, 0n);
  t.is(self, totalNs[parent.indexOf(0)]!);
  t.is(self, session.readSlots().sumNs[0]!);
  session.close();
});

test.serial('a counted link counts the entries alone', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.work'], program: 'count' });
  const truth = await target.exercise('many');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.work!, { returns: 0, inHistogram: 0 }));
  session.close();
});

test.serial('recursion two thousand deep stays exact', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.recurse'] });
  const truth = await target.exercise('deep');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.recurse!));
  t.deepEqual(lossesOf(session), {});
  t.is(Object.keys(treeOf(session)).length, 2001);
  session.close();
});

test.serial('panics leave their frames as unwound and the recovering one as returned', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.shelter', 'main.carry', 'main.explode'] });
  const truth = await target.exercise('panics');
  session.disarm(link);
  const left = { returns: truth.carry! - truth.unwound!, unwound: truth.unwound!, inHistogram: truth.carry! - truth.unwound! };
  t.deepEqual(slotOf(session, 0), allReturned(truth.shelter!));
  t.deepEqual(slotOf(session, 1), allReturned(truth.carry!, left));
  t.deepEqual(slotOf(session, 2), allReturned(truth.explode!, left));
  session.close();
});

test.serial('calls left by Goexit never count as returns and stay visible as frames', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.leaveByGoexit'] });
  const truth = await target.exercise('goexit');
  session.disarm(link);
  const { calls, returns, unwound } = slotOf(session, 0);
  t.deepEqual({ calls, returns }, { calls: truth.leaveByGoexit!, returns: 0 });
  t.is(unwound + session.readFrames().slot.length, truth.leaveByGoexit!);
  session.close();
});

test.serial('stack growth and garbage collection change no number', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.grow'] });
  const truth = await target.exercise('grow');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.grow!));
  session.close();
});

test.serial('at the stack check a call that grows its stack is one call', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.grow'], jbe: true });
  const truth = await target.exercise('grow');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.grow!));
  session.close();
});

test.serial('the goroutine in thread-local storage is the one in R14', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.shelter', 'main.explode'], owner: 'g_tls' });
  const truth = await target.exercise('panics');
  session.disarm(link);
  const returns = truth.explode! - truth.unwound!;
  t.deepEqual(slotOf(session, 0), allReturned(truth.shelter!));
  t.deepEqual(slotOf(session, 1), allReturned(truth.explode!, { returns, unwound: truth.unwound!, inHistogram: returns }));
  session.close();
});

test.serial('each duration falls into the bucket that its arithmetic says', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'], knobs: { sampleRate: 1 } });
  await target.exercise('migrate');
  session.disarm(link);
  const expected = new BigUint64Array(HIST_BUCKETS);
  for (const durationNs of session.takeCalls()!.durationNs) expected[bucketOf(Number(durationNs))]! += 1n;
  t.deepEqual([...session.histogram(0)], [...expected]);
  session.close();
});

test.serial('calls whose goroutines move between threads last as long as the program says', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'] });
  const truth = await target.exercise('migrate');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.sleepy!));
  const { sumNs, minNs, maxNs } = session.readSlots();
  t.true(Number(sumNs[0]) <= truth.totalNs! && Number(sumNs[0]) > truth.totalNs! * 0.95);
  t.true(Number(maxNs[0]) <= truth.slowestNs!);
  t.true(Number(minNs[0]) >= 1e6);
  session.close();
});

test.serial('twelve thousand open calls are read as frames of their goroutines', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.descend'] });
  const truth = await target.exercise('hold');
  const frames = session.readFrames();
  t.is(frames.slot.length, truth.descend!);
  t.is(new Set(frames.goroutine).size, truth.goroutines!);
  t.is(new Set(frames.depth).size, truth.descend! / truth.goroutines!);
  await target.exercise('letGo');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.descend!));
  session.close();
});

test.serial('two processes of one program are apart, though their goroutines have equal addresses', async (t) => {
  const path = buildFixedHeapTarget();
  const twins = [await startTarget(path), await startTarget(path)] as const;
  for (const twin of twins) t.teardown(() => twin.kill());
  const { session, link } = startMeasuring(twins[0], { names: ['main.descend'] });
  const sites = armedSites(findSites(path, ['main.descend']), 'g_r14').map((site) => ({
    ...site,
    slot: 1,
    site: site.site + 8,
  }));
  const second = session.arm(twins[1].pid, path, 'timed', sites);
  const [truth] = await Promise.all(twins.map((twin) => twin.exercise('hold')));
  const { g, tgid } = session.readFrames();
  const addressesOf = (twin: Target) => new Set([...g].filter((_, i) => tgid[i] === twin.pid));
  t.true([...addressesOf(twins[0])].some((address) => addressesOf(twins[1]).has(address)));
  await Promise.all(twins.map((twin) => twin.exercise('letGo')));
  session.disarm(link, second.link);
  t.deepEqual(slotOf(session, 0), allReturned(truth!.descend!));
  t.deepEqual(slotOf(session, 1), allReturned(truth!.descend!));
  session.close();
  await Promise.all(twins.map((twin) => twin.stop()));
});

test.serial('a program that ends under its probes leaves its numbers', async (t) => {
  const mortal = await startTarget(target.path);
  t.teardown(() => mortal.kill());
  const { session, link } = startMeasuring(mortal, { names: ['main.work'] });
  const truth = await mortal.exercise('many');
  await mortal.stop();
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.work!));
  session.close();
});

test.serial('open calls are frames, and returns of calls that began before are no latencies', async (t) => {
  const before = startMeasuring(target, { names: ['main.wait'] });
  const truth = await target.exercise('open');
  const frames = before.session.readFrames();
  t.is(frames.slot.length, truth.wait!);
  t.is(new Set(frames.goroutine).size, truth.wait!);
  t.true(frames.startNs.every((startNs) => startNs > 0n));
  const after = startMeasuring(target, { names: ['main.wait'] });
  await target.exercise('release');
  before.session.disarm(before.link);
  after.session.disarm(after.link);
  t.deepEqual(slotOf(before.session, 0), allReturned(truth.wait!));
  t.deepEqual(slotOf(after.session, 0), allReturned(0, { joinedMidCall: truth.wait! }));
  before.session.close();
  after.session.close();
});
