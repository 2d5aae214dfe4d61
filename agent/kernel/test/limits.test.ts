import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { CALL_SAMPLED, CALL_SLOW, FRAMES_PER_CHUNK, MAX_CHUNKS } from '../limits.js';
import { allReturned, lossesOf, slotOf, startMeasuring } from './measuring.js';
import { buildGoTarget, ROOM, startTarget, type Target } from './targets.js';

let target: Target;
test.before(async () => {
  target = await startTarget(buildGoTarget());
});
test.after.always(() => target.kill());

test.serial('limits.ts is what coral.h says', (t) => {
  t.is(
    execFileSync('node', [`${ROOM}bpf/gen-limits.mjs`, '--print'], { encoding: 'utf8' }),
    readFileSync(`${ROOM}agent/kernel/limits.ts`, 'utf8'),
  );
});

test.serial('the slowest calls are kept exactly, whatever else happens', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'], options: { maxSlow: 7 } });
  const truth = await target.exercise('migrate');
  session.disarm(link);
  const slow = session.slowCalls();
  t.is(slow.durationNs.length, 7);
  t.is(slow.durationNs.toSorted().at(-1), session.readSlots().maxNs[0]);
  t.true(Number(slow.durationNs.toSorted().at(-1)) <= truth.slowestNs!);
  t.is(session.takeCalls(), null);
  session.close();
});

test.serial('sampling one in one shows every call once', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'], knobs: { sampleRate: 1 } });
  const truth = await target.exercise('migrate');
  session.disarm(link);
  const calls = session.takeCalls()!;
  t.is(calls.callId.length, truth.sleepy!);
  t.is(new Set(calls.callId).size, truth.sleepy!);
  t.true(calls.flags.every((flags) => flags === CALL_SAMPLED));
  t.is(
    calls.durationNs.reduce((total, ns) => total + ns, 0n),
    session.readSlots().sumNs[0]!,
  );
  t.true(calls.goroutine.every((id) => id > 0n));
  t.is(calls.tgid[0], target.pid);
  t.is(session.takeCalls(), null);
  session.close();
});

test.serial('a threshold shows the calls above it and no other', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'], knobs: { slowerThanNs: 4_000_000 } });
  await target.exercise('migrate');
  session.disarm(link);
  const calls = session.takeCalls()!;
  t.true(calls.durationNs.length >= 80);
  t.true(calls.durationNs.every((ns) => ns > 4_000_000n));
  t.true(calls.flags.every((flags) => flags === CALL_SLOW));
  session.close();
});

test.serial('single calls over the rate are counted as lost, and aggregates are not touched', async (t) => {
  const { session, link } = startMeasuring(target, {
    names: ['main.work'],
    knobs: { sampleRate: 1 },
    options: { maxCallsPerSecond: 100 },
  });
  const truth = await target.exercise('many');
  session.disarm(link);
  const shown = session.takeCalls()!.callId.length;
  const { rate_limited: limited = 0, ring_full: full = 0 } = lossesOf(session);
  t.deepEqual(slotOf(session, 0), allReturned(truth.work!));
  t.is(shown + limited + full, truth.work!);
  t.true(limited > 0);
  session.close();
});

test.serial('goroutines that find no room for a stack are untracked, and the numbers still add up', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.sleepy'], options: { stacks: 4 } });
  const truth = await target.exercise('migrate');
  session.disarm(link);
  const { calls, returns, unwound, untracked, joinedMidCall } = slotOf(session, 0);
  t.is(calls, truth.sleepy!);
  t.is(returns + unwound + untracked, calls);
  t.true(untracked > 0);
  t.is(joinedMidCall, 0);
  t.deepEqual(lossesOf(session), { stack_map_full: untracked });
  session.close();
});

test.serial('ten thousand goroutines with open calls find room among sixteen thousand places', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.wait'], options: { stacks: 16_384 } });
  const truth = await target.exercise('crowd');
  session.disarm(link);
  t.deepEqual(slotOf(session, 0), allReturned(truth.wait!));
  t.deepEqual(lossesOf(session), {});
  session.close();
});

test.serial('frames beyond the deepest stack are untracked, and the frames above them return', async (t) => {
  const { session, link } = startMeasuring(target, { names: ['main.abyss'], options: { nodes: 64 } });
  const truth = await target.exercise('abyss');
  session.disarm(link);
  const tracked = MAX_CHUNKS * FRAMES_PER_CHUNK;
  const untracked = truth.abyss! - tracked;
  t.deepEqual(slotOf(session, 0), allReturned(truth.abyss!, { returns: tracked, untracked, inHistogram: tracked }));
  t.deepEqual(lossesOf(session), { stack_too_deep: untracked, nodes_full: tracked - 62 });
  session.close();
});

test.serial('a session that is closed says so, twice over', (t) => {
  const { session } = startMeasuring(target, { names: ['main.work'] });
  const histogram = session.histogram(0);
  session.close();
  session.close();
  t.is(histogram.length, 0);
  t.throws(() => session.readSlots(), { name: 'KernelError', message: 'use of a kernel session after its close: EBADF' });
});
