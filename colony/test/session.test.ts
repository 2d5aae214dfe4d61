import test from 'ava';
import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { Service } from '../../proto/gen/coral/live/v1/live.js';
import type { Snapshot } from '../../snapshots/document.js';
import { serve, until } from './serve.js';

type Update = NonNullable<WatchSessionResponse['update']>;

/** Everything a watch brings until its end. */
async function watched(stream: AsyncIterable<WatchSessionResponse>): Promise<Update[]> {
  const updates: Update[] = [];
  for await (const { update } of stream) updates.push(update!);
  return updates;
}

const documentOf = (updates: readonly Update[]): Snapshot => JSON.parse(String(updates.at(-1)!.value)) as Snapshot;

test('services are those that the agents list', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  const { services } = await client.listServices();
  t.deepEqual(
    services.map(({ service, pid, agentId }) => ({ service, pid, agentId })),
    [{ service: 'checkout', pid: 4711, agentId: 'host-a' }],
  );
});

const checkoutAt = (pid: number) => Service.fromPartial({ service: 'checkout', pid, probeable: true });

test('a session is opened on the processes that run now, not on those of the last list', async (t) => {
  const { client, agent } = await serve(t);
  const fake = agent({
    obey: ({ order }) =>
      order?.$case === 'listNow'
        ? { result: { $case: 'services', value: { services: [4711, 4712].map(checkoutAt) } } }
        : undefined,
  });
  t.is((await client.listServices()).services.length, 1);
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay'] });
  t.deepEqual(session!.pids.toSorted(), [4711, 4712]);
  t.is((await client.listServices({ fresh: true })).services.length, 2);
  fake.close();
});

test('a session is watched from its first frame to its snapshot', async (t) => {
  const { client, agent } = await serve(t);
  const fake = agent();
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay', 'main.card'] });
  const stream = watched(client.watchSession({ sessionId: session!.sessionId }));
  fake.tick(session!.sessionId, [{ calls: 7, durationNs: 1000 }]);
  await fake.next('tickAck');
  fake.end(session!.sessionId, 'expired', [
    { calls: 9, durationNs: 1000 },
    { calls: 2, durationNs: 50 },
  ]);
  const updates = await stream;
  t.is(updates[0]!.$case, 'session');
  const ticks = updates.flatMap((update) => (update.$case === 'tick' ? [update.value] : []));
  t.true(ticks.at(-1)!.final);
  const document = documentOf(updates);
  t.deepEqual(
    document.functions.map(({ name, calls }) => [name, calls]),
    [
      ['main.pay', 9],
      ['main.card', 2],
    ],
  );
  t.is(document.end_reason, 'expired');
  t.true(document.text_verified);
  t.like(await fake.next('endAck'), { sessionId: session!.sessionId });
});

test('the same function in two processes of two agents is one row', async (t) => {
  const { colony, client, agent } = await serve(t);
  const [a, b] = ['host-a', 'host-b'].map((id, i) => agent({ id, services: [{ service: 'checkout', pid: 100 + i }] }));
  await until(() => colony.fleet.services().length === 2);
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay'] });
  t.deepEqual(session!.pids.toSorted(), [100, 101]);
  const stream = watched(client.watchSession({ sessionId: session!.sessionId }));
  a!.end(session!.sessionId, 'expired', [{ calls: 5, durationNs: 10 }]);
  b!.end(session!.sessionId, 'expired', [{ calls: 6, durationNs: 10 }]);
  const document = documentOf(await stream);
  t.is(document.functions.length, 1);
  t.is(document.functions[0]!.calls, 11);
  t.deepEqual(document.by_pid!.map(({ pid, functions }) => [pid, functions[0]!.calls]).toSorted(), [
    [100, 5],
    [101, 6],
  ]);
});

test('a tick that is repeated or late changes nothing', async (t) => {
  const { client, agent } = await serve(t);
  const fake = agent();
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay'] });
  const first = fake.tickOf(session!.sessionId, [{ calls: 3, durationNs: 10 }]);
  const second = fake.tickOf(session!.sessionId, [{ calls: 8, durationNs: 10 }]);
  for (const value of [first, second, second, first]) fake.send({ $case: 'tick', value });
  await fake.next('tickAck', 4);
  const { snapshot } = await client.getSnapshot({ sessionId: session!.sessionId });
  t.is((JSON.parse(String(snapshot)) as Snapshot).functions[0]!.calls, 8);
});

test('a name that nobody bears is refused with the nearest ones', async (t) => {
  const { client, agent } = await serve(t);
  agent();
  await t.throwsAsync(client.openSession({ serviceName: 'chekout', functions: ['f'] }), {
    code: 'SERVICE_NOT_FOUND',
    message: 'no running service is called "chekout" (1 processes seen)',
  });
});
