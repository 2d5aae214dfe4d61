import test, { type ExecutionContext } from 'ava';
import { UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { unpackCalls } from '../../snapshots/columns/calls.js';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { DEFAULT_LIMITS } from '../sessions/limits/limits.js';
import type { SessionSink } from '../sessions/ports.js';
import { callColumns, FakeKernel } from './fake-kernel.js';
import { FakeTargets } from './fake-targets.js';
import { INT_TYPES } from './fake-types.js';
import { fakeSessions } from './linked-agent.js';
import { openPart } from './orders.js';

/** Keeps what a session says; `ended` resolves with the end. */
function listener() {
  const heard = { ticks: [] as SessionTick[], calls: [] as CallBatch[], notices: [] as SessionNotice[] };
  let resolve: (end: SessionEnd) => void = () => undefined;
  const ended = new Promise<SessionEnd>((settle) => {
    resolve = settle;
  });
  const sink: SessionSink = {
    ready: () => true,
    tick: (tick) => void heard.ticks.push(tick),
    calls: (_, batch) => heard.calls.push(batch) > 0,
    notice: (notice) => void heard.notices.push(notice),
    end: (end) => resolve(end),
  };
  return { ...heard, ended, sink };
}

function fakes(t: ExecutionContext, pids: number[], limits = DEFAULT_LIMITS) {
  const kernel = new FakeKernel();
  const targets = new FakeTargets(...pids);
  const sessions = fakeSessions(kernel, targets, limits);
  t.teardown(() => sessions.closeAll('interrupted'));
  return { kernel, targets, sessions, ...listener() };
}

test('A session ends by itself at its time', async (t) => {
  const { sessions, sink, ended, kernel } = fakes(t, [7]);
  await sessions.open(openPart('dbg-1', [7], { duration: { seconds: 0, nanos: 50_000_000 } }), sink);
  t.is((await ended).reason, 'expired');
  t.true(kernel.session.closed);
});

test('A target that exits ends its part, the last one the session', async (t) => {
  const { sessions, sink, ended, targets, kernel, notices } = fakes(t, [7, 8]);
  await sessions.open(openPart('dbg-1', [7, 8]), sink);
  targets.identities.set(7, 'another program');
  while (notices.length === 0) await new Promise(setImmediate);
  t.is(notices[0]?.notice?.code, 'TARGET_EXECED');
  t.deepEqual(
    [...kernel.session.armed.values()].map(({ pid, program }) => `${program} ${pid}`),
    ['park 8', 'timed 8'],
  );
  targets.identities.delete(8);
  const end = await ended;
  t.is(end.reason, 'target_exited');
  t.is(end.textVerified, false);
  t.is(end.textDetail, 'the process has exited: no text is left to compare');
});

test('A fault in one session, in a tick, a join or the end, ends that one alone', async (t) => {
  const { sessions, sink, kernel, targets, notices } = fakes(t, [7, 8]);
  const ends = new Map<string, SessionEnd>();
  const open = async (id: string, pid: number, { standing = false } = {}) => {
    await sessions.open({ ...openPart(id, [pid]), standing }, { ...sink, end: (end) => void ends.set(end.sessionId, end) });
    return kernel.session;
  };
  const broken = (): never => {
    throw new TypeError('a slot has no row');
  };
  const healthy = await open('healthy', 8);
  const ticking = await open('in a tick', 7);
  ticking.losses = broken;
  const ending = await open('at its end', 7);
  const joining = await open('in a join', 7, { standing: true });
  joining.arm = broken;
  targets.identities.set(9, 'started 9');
  targets.replicas = [9];
  ending.disarm = broken;
  sessions.close('at its end', 'detached');
  while (ends.size < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const [id, { reason, textDetail }] of ends) {
    t.is(reason, 'agent_lost', id);
    t.is(textDetail, 'the agent met a fault in this session: a slot has no row', id);
  }
  t.deepEqual(
    [ticking, ending, joining, healthy].map(({ closed }) => closed),
    [true, true, true, false],
  );
  t.deepEqual(notices, []);
  sessions.close('healthy', 'detached');
  t.is(ends.get('healthy')?.reason, 'detached');
});

test('What the kernel refuses is left out, and the rest is armed', async (t) => {
  const { sessions, sink, kernel } = fakes(t, [7]);
  kernel.refuseOffsets = [0x1170]; // the return of main.idle
  const armed = await sessions.open(openPart('dbg-1', [7], { functions: ['main.idle', 'main.work'] }), sink);
  t.deepEqual(
    armed.slots.map((slot) => slot.name),
    ['main.work'],
  );
  t.like(armed.refused[0], { function: 'main.idle', code: 'KERNEL_REFUSED', agentId: 'host-a' });
  t.is(kernel.sessions.filter((session) => !session.closed).length, 1);
});

test('A dry run plans and arms nothing', async (t) => {
  const { sessions, sink, kernel } = fakes(t, [7]);
  const plan = await sessions.open(openPart('dbg-1', [7], { dryRun: true }), sink);
  t.is(plan.slots[0]?.sites.length, 2);
  t.is(plan.estimatedHitCostNs, 10_500);
  t.is(kernel.sessions.length, 0);
  t.is(sessions.openCount, 0);
});

test('More sessions than the limit are refused, also while others are being opened', async (t) => {
  const { sessions, sink } = fakes(t, [7], { ...DEFAULT_LIMITS, maxConcurrentSessions: 1 });
  const first = sessions.open(openPart('dbg-1', [7]), sink);
  await t.throwsAsync(sessions.open(openPart('dbg-2', [7]), sink), { code: 'LIMIT_EXCEEDED' });
  await first;
});

test('A session that is ended while it is being opened is never armed', async (t) => {
  const { sessions, sink, kernel } = fakes(t, [7]);
  const opening = sessions.open(openPart('dbg-1', [7]), sink);
  sessions.close('dbg-1', 'interrupted');
  await t.throwsAsync(opening, { message: 'session dbg-1 was ended (interrupted) before its probes were armed' });
  t.is(kernel.sessions.length, 0);
  t.is(sessions.openCount, 0);
});

test('Functions join a running session as new rows; its end and knobs move', async (t) => {
  const { sessions, sink, kernel } = fakes(t, [7]);
  const before = await sessions.open(openPart('dbg-1', [7]), sink);
  const config = { sampleRate: 10, slowerThanNs: 5000 };
  const after = await sessions.update({
    sessionId: 'dbg-1',
    addFunctions: ['main.loop', 'main.work'],
    expiresAt: { seconds: before.expiresAt!.seconds + 3600, nanos: 0 },
    config: UprobeConfig.fromPartial(config),
  });
  t.deepEqual(
    after.slots.map((slot) => slot.name),
    ['main.work', 'main.loop'],
  );
  t.is(after.expiresAt!.seconds, before.startedAt!.seconds + 600);
  const session = kernel.sessions.find((each) => !each.closed)!;
  t.deepEqual(session.knobs.get(1), { ...config, goidOffset: 152, starterOffset: 0, generation: 0 });
});

test('calls = returns + in flight + unwound + untracked: ghosts are unwound, counted calls untracked', async (t) => {
  const { sessions, sink, kernel, ended } = fakes(t, [7]);
  await sessions.open(openPart('dbg-1', [7], { functions: ['main.work', 'main.loop'] }), sink);
  const { slots } = kernel.session;
  slots.calls.set([10n, 4n]);
  slots.returns.set([6n, 0n]);
  slots.unwound.set([1n, 0n]);
  const frame = { slot: 0, tgid: 7, thread: 70, startNs: 1n };
  kernel.session.frames = [
    { ...frame, g: 0x1000n, goroutine: 17n, depth: 1n },
    { ...frame, g: 0x2000n, goroutine: 18n, depth: 2n },
    { ...frame, g: 0x2000n, goroutine: 18n, depth: 3n },
  ];
  kernel.memory = (_pid, address, length) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(address === 0x1000n ? 6 : 2, 144); // the first goroutine is dead, the second runs
    bytes.writeBigUInt64LE(address === 0x1000n ? 17n : 18n, 152);
    return bytes;
  };
  sessions.close('dbg-1', 'detached');
  const { tick } = await ended;
  const table = unpackFunctions(tick!.functions!);
  t.deepEqual([...table.calls], [10, 4]);
  t.deepEqual([...table.inFlight], [2, 0]);
  t.deepEqual([...table.unwound], [2, 0]);
  t.deepEqual([...table.untracked], [0, 4]);
  t.deepEqual(tick!.losses, []);
  t.is(tick!.openCalls.length, 2);
});

test('Calls that no column accounts for are named as a loss', async (t) => {
  const { sessions, sink, kernel, ended } = fakes(t, [7]);
  await sessions.open(openPart('dbg-1', [7]), sink);
  kernel.session.slots.calls[0] = 10n;
  kernel.session.slots.returns[0] = 7n;
  sessions.close('dbg-1', 'detached');
  t.deepEqual((await ended).tick!.losses, [{ reason: 'unaccounted', count: 3 }]);
});

test('Without debug information the session goes on without values, and says so', async (t) => {
  const { sessions, sink, kernel, notices } = fakes(t, [7]);
  await sessions.open(openPart('dbg-1', [7], { config: UprobeConfig.fromPartial({ captureArgs: true }) }), sink);
  t.is(kernel.session.captures.size, 0);
  t.like(notices[0]?.notice, { code: 'UNSUPPORTED', message: 'no values of main.work: /fake has no debug information' });
});

test('A filter that cannot be evaluated refuses the function', async (t) => {
  const { sessions, sink, targets } = fakes(t, [7]);
  const config = UprobeConfig.fromPartial({ filterExpressions: ['id == 7'] });
  await t.throwsAsync(sessions.open(openPart('dbg-1', [7], { config }), sink), {
    message: 'none of the functions can be probed; main.work: /fake has no debug information (UNSUPPORTED)',
  });
  targets.typesOf = INT_TYPES;
  const other = UprobeConfig.fromPartial({ filterExpressions: ['amount == 7'] });
  await t.throwsAsync(sessions.open(openPart('dbg-2', [7], { config: other }), sink), { message: /it has: id, duration/ });
});

test('A filter on the duration alone needs no debug information', async (t) => {
  const { sessions, sink, kernel, notices } = fakes(t, [7]);
  const config = UprobeConfig.fromPartial({ filterExpressions: ['duration > 5ms'] });
  await sessions.open(openPart('dbg-1', [7], { config }), sink);
  t.like(kernel.session.captures.get(0), { entry: [], clauses: [1] });
  t.deepEqual(notices, []);
});

test('Values leave the host decoded; filters and captures change while the session runs', async (t) => {
  const { sessions, sink, kernel, targets, calls } = fakes(t, [7]);
  targets.typesOf = INT_TYPES;
  await sessions.open(openPart('dbg-1', [7], { config: UprobeConfig.fromPartial({ captureArgs: true }) }), sink);
  const captures = Buffer.alloc(24);
  captures.writeBigInt64LE(-42n, 16);
  kernel.session.pendingCalls = { ...callColumns(1), captures, captureAt: Int32Array.of(0) };
  while (calls.length === 0) await new Promise(setImmediate);
  t.deepEqual(unpackCalls(calls[0]!)[0]!.arguments, [{ name: 'id', type: 'int', value: -42 }]);
  const update = (config: UprobeConfig) =>
    sessions.update({ sessionId: 'dbg-1', addFunctions: [], expiresAt: undefined, config });
  await update(UprobeConfig.fromPartial({ filters: { id: '42' } }));
  t.like(kernel.session.captures.get(0)!.predicates[0], { kind: 'signed', compare: '==', value: 42n });
  await t.throwsAsync(update(UprobeConfig.fromPartial({ filters: { name: 'x' } })), { code: 'UNSUPPORTED' });
  t.is(kernel.session.captures.get(0)!.predicates.length, 1);
  await update(UprobeConfig.fromPartial({}));
  t.is(kernel.session.captures.get(0), null);
});

test('Waiting is reported by reason, that of open calls up to now', async (t) => {
  const { sessions, sink, kernel, ended } = fakes(t, [7]);
  await sessions.open(openPart('dbg-1', [7]), sink);
  const [park] = [...kernel.session.armed.values()].filter(({ program }) => program === 'park');
  t.deepEqual(
    park?.sites.map(({ role, owner, slot, site }) => `${role} ${owner} ${slot} ${site}`),
    ['park g_r14 33 515', 'resume g_ax 33 514'],
  );
  kernel.session.slots.calls[0] = 2n;
  kernel.session.slots.returns[0] = 1n;
  kernel.session.waiting = {
    slot: Uint32Array.of(0, 0, 0),
    reason: Uint8Array.of(14, 254, 15), // go1.26: sleep, a system call, receiving from a channel
    count: BigUint64Array.of(3n, 1n, 2n),
    totalNs: BigUint64Array.of(30n, 5n, 20n),
  };
  const startNs = kernel.bootNs();
  const waiting = { waitReason: 16, waitingSinceNs: startNs - 1_000_000n }; // a channel, since before the call
  kernel.session.frames = [{ slot: 0, tgid: 7, thread: 70, g: 0x1000n, goroutine: 9n, startNs, ...waiting }];
  sessions.close('dbg-1', 'detached');
  const { tick } = await ended;
  const [sleep, syscall, channel] = tick!.waiting;
  t.deepEqual(sleep, { row: 0, reason: 'sleep', count: 3, totalNs: 30 });
  t.deepEqual(syscall, { row: 0, reason: 'syscall', count: 1, totalNs: 5 });
  t.like(channel, { row: 0, reason: 'channel', count: 3 });
  t.true(channel!.totalNs > 20 && channel!.totalNs < 1_000_000 + Number(kernel.bootNs() - startNs));
  t.is(tick!.openCalls[0]?.waiting, 'channel');
});

test('A function over its budget loses its returns but for windows; others keep theirs', async (t) => {
  const { sessions, sink, kernel, notices, ticks } = fakes(t, [7]);
  const config = UprobeConfig.fromPartial({ budgetPercent: 1 });
  await sessions.open(openPart('dbg-1', [7], { functions: ['main.work', 'main.idle'], config }), sink);
  const startedMs = performance.now();
  const call = setInterval(() => {
    const hits = BigInt(Math.round((performance.now() - startedMs) * 2));
    kernel.session.hits.set([hits, hits], 0); // entry and return of main.work: two thousand calls a second
  }, 5);
  t.teardown(() => clearInterval(call));
  while (notices.length === 0) await new Promise(setImmediate);
  t.like(notices[0]!.notice, { code: 'BUDGET_RETURNS_WINDOWED' });
  const links = () =>
    [...kernel.session.armed.values()]
      .filter(({ program }) => program === 'timed')
      .map(({ sites }) => sites.map(({ slot, role, generation }) => `${slot} ${role} ${generation}`).join(', '));
  t.deepEqual(links(), ['1 entry 1, 1 return 1', '0 entry 1']);
  t.like(kernel.session.knobs.get(1), { generation: 1 });
  t.is(kernel.session.timings.get(0), 'untimed');
  while (kernel.session.timings.get(0) !== 'timed') await new Promise(setImmediate);
  t.deepEqual(links(), ['1 entry 1, 1 return 1', '0 entry 1', '0 return 1']);
  while (kernel.session.timings.get(0) !== 'untimed') await new Promise(setImmediate);
  t.deepEqual(links(), ['1 entry 1, 1 return 1', '0 entry 1']);
  const table = unpackFunctions(ticks.at(-1)!.functions!);
  t.is(table.estimated[0], 1);
  t.like(ticks.at(-1)!.overhead, { budgetPercent: 1, steps: [{ code: 'BUDGET_RETURNS_WINDOWED', function: 'main.work' }] });
});
