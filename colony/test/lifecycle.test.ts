import test from 'ava';
import { type CallBatch, SessionInfo } from '../../proto/gen/coral/live/v1/live.js';
import { packCalls, unpackCalls } from '../../snapshots/columns/calls.js';
import type { Snapshot } from '../../snapshots/document.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { noHistory } from '../store/no-history.js';
import { serve, until } from './serve.js';

const REQUEST = { serviceName: 'checkout', functions: ['main.pay'] };

const calls = (count: number): CallBatch =>
  packCalls(
    Array.from({ length: count }, (_, i) => ({
      row: 0,
      atNs: 1_795_420_800_000_000_000n,
      durationNs: 1000 + i,
      goroutine: 17n,
      thread: 9,
      pid: 4711,
      callId: BigInt(i),
      flags: 2,
    })),
  );

async function lastDocument(
  stream: AsyncIterable<{ update?: { $case: string; value: unknown } | undefined }>,
): Promise<Snapshot> {
  let last: unknown;
  for await (const { update } of stream) last = update?.value;
  return JSON.parse(String(last)) as Snapshot;
}

test('a detached session ends on its agents before the answer', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  const { session } = await client.openSession(REQUEST);
  const document = lastDocument(client.watchSession({ sessionId: session!.sessionId }));
  const { success, sessions } = await client.detachUprobe({ sessionId: session!.sessionId });
  t.true(success);
  t.is(sessions[0]!.status, 'detached');
  t.is((await document).end_reason, 'detached');
  await t.throwsAsync(client.detachUprobe({ sessionId: session!.sessionId }), { code: 'SESSION_NOT_FOUND' });
});

test('sessions are listed and detached by a process that they probe', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  const { session } = await client.openSession(REQUEST);
  const listed = async (serviceName: string) => (await client.listDebugSessions({ serviceName })).sessions.length;
  t.deepEqual([await listed('pid:4711'), await listed('checkout')], [1, 1]);
  const { sessions } = await client.detachUprobe({ serviceName: 'pid:4711', all: true });
  t.is(sessions[0]!.sessionId, session!.sessionId);
});

test('a name that nothing bears is no empty list, it was mistyped', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  await client.openSession(REQUEST);
  const nearest = { code: 'SERVICE_NOT_FOUND', hint: 'did you mean checkout?' };
  t.like(await t.throwsAsync(client.detachUprobe({ serviceName: 'chekout', all: true })), nearest);
  t.like(await t.throwsAsync(client.listDebugSessions({ serviceName: 'chekout' })), nearest);
  await t.throwsAsync(client.detachUprobe({ serviceName: 'pid:471', all: true }), { code: 'PROCESS_NOT_FOUND' });
  await client.detachUprobe({ serviceName: 'checkout', all: true });
  t.deepEqual((await client.detachUprobe({ serviceName: 'checkout', all: true })).sessions, []);
  t.deepEqual((await client.listDebugSessions({ serviceName: 'checkout' })).sessions, []);
});

test('a session is found by the executable of a service with a name of its own', async (t) => {
  const { client, agent } = await serve(t);
  agent({ services: [{ service: 'shop', executable: '/srv/checkout-server', pid: 4711 }] });
  await client.openSession({ ...REQUEST, serviceName: 'shop' });
  const { sessions } = await client.detachUprobe({ serviceName: 'checkout-server', all: true });
  t.is(sessions.length, 1);
});

test('a session shorter than a millisecond lasts one', async (t) => {
  const { client, agent } = await serve(t);
  const asked: unknown[] = [];
  agent({
    obey({ order }) {
      if (order?.$case === 'open') asked.push(order.value.request?.duration);
      return undefined;
    },
  });
  await client.openSession({ ...REQUEST, duration: { seconds: 0, nanos: 1 } });
  t.deepEqual(asked, [{ seconds: 0, nanos: 1_000_000 }]);
});

test('an attended session ends when its last watcher has gone, another goes on', async (t) => {
  const { colony, client, agent } = await serve(t);
  const fake = agent();
  const attended = (await client.openSession({ ...REQUEST, attended: true })).session!.sessionId;
  const unattended = (await client.openSession(REQUEST)).session!.sessionId;
  for (const sessionId of [attended, unattended]) {
    for await (const _ of client.watchSession({ sessionId })) break;
  }
  await until(() => colony.sessions.get(attended)?.ended === true);
  t.is(colony.sessions.get(attended)!.snapshot!.end_reason, 'interrupted');
  t.false(colony.sessions.get(unattended)!.ended);
  t.like(
    fake.received.find((frame) => frame.$case === 'order' && frame.value.order?.$case === 'close'),
    { value: { order: { value: { sessionId: attended, reason: 'interrupted' } } } },
  );
});

test('a lost agent leaves the figures of its last tick, and the loss is reported once', async (t) => {
  const unreported: string[] = [];
  const history = { ...noHistory('', ''), reportLater: ({ sessionId }: { sessionId: string }) => unreported.push(sessionId) };
  const { colony, client, agent } = await serve(t, { history });
  const fake = agent();
  const { sessionId } = (await client.openSession(REQUEST)).session!;
  fake.tick(sessionId, [{ calls: 5, durationNs: 10 }]);
  await fake.next('tickAck');
  fake.close();
  await until(() => colony.sessions.get(sessionId)!.ended);
  const { snapshot } = await client.getSnapshot({ sessionId });
  const document = JSON.parse(String(snapshot)) as Snapshot;
  t.is(document.end_reason, 'agent_lost');
  t.is(document.functions[0]!.calls, 5);
  t.deepEqual(unreported, [sessionId]);
});

test('a session that its agent gave up leaves the figures of its last tick and the reason', async (t) => {
  const { client, agent } = await serve(t);
  const fake = agent();
  const { sessionId } = (await client.openSession(REQUEST)).session!;
  fake.tick(sessionId, [{ calls: 5, durationNs: 10 }]);
  await fake.next('tickAck');
  const end = {
    sessionId,
    reason: 'agent_lost',
    tick: undefined,
    endedAt: undefined,
    textVerified: false,
    textDetail: 'a fault',
  };
  fake.send({ $case: 'end', value: end });
  await fake.next('endAck');
  const { snapshot } = await client.getSnapshot({ sessionId });
  t.like(JSON.parse(String(snapshot)), {
    end_reason: 'agent_lost',
    functions: [{ calls: 5 }],
    agents: [{ state: 'lost', reason: 'a fault' }],
  });
});

test('an agent given up that comes back has its last word', async (t) => {
  const { colony, client, agent } = await serve(t);
  const first = agent();
  const { session } = await client.openSession(REQUEST);
  first.close();
  await until(() => colony.sessions.get(session!.sessionId)!.ended);
  const second = agent({ running: [{ info: session }] });
  const order = await second.next('order');
  t.like(order.order, { $case: 'close', value: { reason: 'interrupted' } });
  await second.next('endAck');
  const { snapshot } = await client.getSnapshot({ sessionId: session!.sessionId });
  t.like(JSON.parse(String(snapshot)), { end_reason: 'interrupted', text_verified: true, agents: [{ state: 'done' }] });
});

test('an agent that is back in time goes on with its session', async (t) => {
  const { colony, client, agent } = await serve(t, { lostAfterMs: 5000 });
  const first = agent();
  const { session } = await client.openSession(REQUEST);
  first.close();
  await until(() => !colony.fleet.agent('host-a')!.linked);
  const second = agent({ running: [{ info: session }] });
  await second.next('welcome');
  second.end(session!.sessionId, 'expired', [{ calls: 12, durationNs: 10 }]);
  await second.next('endAck');
  const { snapshot } = await client.getSnapshot({ sessionId: session!.sessionId });
  t.like(JSON.parse(String(snapshot)), { end_reason: 'expired', functions: [{ calls: 12 }] });
});

test('a colony that was restarted takes up what its agents still run', async (t) => {
  const { client, agent } = await serve(t);
  const now = nsToTimestamp(BigInt(Date.now()) * 1_000_000n);
  const info = SessionInfo.fromPartial({
    sessionId: 'dbg-before',
    service: 'checkout',
    startedAt: now,
    expiresAt: now,
    functions: [
      { name: 'main.pay', pid: 1 },
      { name: 'main.pay', pid: 2 },
    ],
  });
  const fake = agent({ running: [{ info }] });
  fake.tick('dbg-before', [
    { calls: 3, durationNs: 10 },
    { calls: 4, durationNs: 10 },
  ]);
  await fake.next('tickAck');
  const { sessions } = await client.listDebugSessions();
  t.like(sessions[0], { sessionId: 'dbg-before', status: 'active', pids: [1, 2] });
  const { snapshot } = await client.getSnapshot({ sessionId: 'dbg-before' });
  t.is((JSON.parse(String(snapshot)) as Snapshot).functions[0]!.calls, 7);
});

const partOf = (pid: number): SessionInfo =>
  SessionInfo.fromPartial({
    sessionId: 'dbg-before',
    service: 'checkout',
    startedAt: nsToTimestamp(BigInt(Date.now()) * 1_000_000n),
    functions: [{ name: 'main.pay', pid }],
  });

test('every agent of a session is taken up by a restarted colony, and one that had ended it meanwhile', async (t) => {
  const { client, agent } = await serve(t);
  const running = agent({ id: 'host-a', running: [{ info: partOf(1) }] });
  running.tick('dbg-before', [{ calls: 3, durationNs: 10 }]);
  await running.next('tickAck');
  const second = agent({ id: 'host-b', running: [{ info: partOf(2) }] });
  second.end('dbg-before', 'target_exited', [{ calls: 4, durationNs: 10 }]);
  await running.next('tickAck');
  t.like((await client.listDebugSessions()).sessions[0], { status: 'active', pids: [1, 2] });
  running.end('dbg-before', 'expired', [{ calls: 5, durationNs: 10 }]);
  await Promise.all([running.next('endAck'), second.next('endAck')]);
  const { snapshot } = await client.getSnapshot({ sessionId: 'dbg-before' });
  t.like(JSON.parse(String(snapshot)), { end_reason: 'expired', functions: [{ calls: 9 }], text_verified: true });
});

test('a part that a restarted colony hears of after the session’s end is in the document', async (t) => {
  const unreported: string[] = [];
  const history = { ...noHistory('', ''), reportLater: ({ status }: { status: string }) => unreported.push(status) };
  const { client, agent } = await serve(t, { history });
  const ended = { ...partOf(1), parts: [{ agentId: 'host-a', state: 'done', reason: '' }] };
  const first = agent({ id: 'host-a', running: [{ info: ended }] });
  first.end('dbg-before', 'expired', [{ calls: 3, durationNs: 10 }]);
  await first.next('endAck');
  t.deepEqual(unreported, ['expired']);
  const late = agent({ id: 'host-b', running: [{ info: partOf(2) }], obey: () => ({}) });
  late.end('dbg-before', 'expired', [{ calls: 4, durationNs: 10 }]);
  await late.next('endAck');
  const { snapshot } = await client.getSnapshot({ sessionId: 'dbg-before' });
  t.like(JSON.parse(String(snapshot)), { end_reason: 'expired', pids: [1, 2], functions: [{ calls: 7 }] });
});

test('a refusal of the only agent reaches the caller as it was said', async (t) => {
  const { client, agent } = await serve(t);
  const details = JSON.stringify({ candidates: ['a.Pay', 'b.Pay'] });
  agent({
    obey: () => ({ errorCode: 'FUNCTION_AMBIGUOUS', errorMessage: 'Pay fits 2', errorHint: 'write more', errorDetails: details }),
  });
  const error = await t.throwsAsync(client.openSession(REQUEST));
  t.like(error, {
    code: 'FUNCTION_AMBIGUOUS',
    message: 'Pay fits 2',
    hint: 'write more',
    details: { candidates: ['a.Pay', 'b.Pay'] },
  });
  t.deepEqual((await client.listDebugSessions()).sessions, []);
});

test('one agent that refuses does not stop the others, unless all are required', async (t) => {
  const { colony, client, agent } = await serve(t);
  agent({ id: 'host-a' });
  agent({
    id: 'host-b',
    services: [{ service: 'checkout', pid: 5 }],
    obey: () => ({ errorCode: 'LIMIT_EXCEEDED', errorMessage: 'five sessions run here' }),
  });
  await until(() => colony.fleet.services().length === 2);
  const { session } = await client.openSession(REQUEST);
  t.deepEqual(session!.parts.map(({ agentId, state, reason }) => [agentId, state, reason]).sort(), [
    ['host-a', 'armed', ''],
    ['host-b', 'refused', 'five sessions run here'],
  ]);
  await client.detachUprobe({ all: true });
  await t.throwsAsync(client.openSession({ ...REQUEST, config: { requireAll: true } }), { code: 'LIMIT_EXCEEDED' });
  t.is(colony.sessions.open.length, 0);
});

test('calls that are shown singly reach watchers and the stream of the RFD', async (t) => {
  const { colony, client, agent } = await serve(t);
  const fake = agent();
  const events = client.attachUprobe({ serviceName: 'checkout', functionName: 'main.pay' });
  await until(() => colony.sessions.open[0]?.isArmed === true && colony.sessions.open[0].watchers === 1);
  const { id } = colony.sessions.open[0]!;
  const watch = client.watchSession({ sessionId: id, calls: true });
  await until(() => colony.sessions.get(id)!.watchers === 2);
  fake.send({ $case: 'calls', value: { sessionId: id, calls: calls(3) } });
  fake.end(id, 'expired', [{ calls: 3, durationNs: 1000 }]);
  const durations: number[] = [];
  for await (const event of events) {
    t.like(event, { functionName: 'main.pay', agentId: 'host-a', pid: 4711, tid: 9, sessionId: id });
    durations.push(event.durationNs);
  }
  t.deepEqual(durations, [1000, 1001, 1002]);
  const batches: CallBatch[] = [];
  for await (const { update } of watch) if (update?.$case === 'calls') batches.push(update.value);
  t.deepEqual(
    batches.flatMap(unpackCalls).map((call) => call.durationNs),
    [1000, 1001, 1002],
  );
});

test('a session of more than ten minutes, of no function, or to trace a path is refused', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  const tooLong = client.openSession({ ...REQUEST, duration: { seconds: 601, nanos: 0 } });
  await t.throwsAsync(tooLong, { code: 'LIMIT_EXCEEDED', message: 'a session of 601 s was asked for, this colony allows 600 s' });
  await t.throwsAsync(client.openSession({ serviceName: 'checkout' }), { code: 'USAGE' });
  const trace = client.traceRequestPath({ serviceName: 'checkout', httpPath: '/' });
  await t.throwsAsync(
    async () => {
      for await (const _ of trace);
    },
    { code: 'NOT_IMPLEMENTED' },
  );
});

test('what an agent sends that cannot be read cuts its link and no other', async (t) => {
  const { colony, client, agent } = await serve(t);
  const bad = agent({ id: 'bad', services: [{ service: 'billing', pid: 1 }] });
  agent({ id: 'good' });
  await until(() => colony.fleet.services().length === 2);
  const { sessionId } = (await client.openSession({ serviceName: 'billing', functions: ['f'] })).session!;
  const tick = bad.tickOf(sessionId, [{ calls: 1, durationNs: 1 }]);
  bad.send({ $case: 'tick', value: { ...tick, functions: { ...tick.functions!, calls: Buffer.alloc(3) } } });
  await until(() => !colony.fleet.agent('bad')!.linked);
  t.true(colony.fleet.agent('good')!.linked);
  t.truthy((await client.openSession(REQUEST)).session);
});
