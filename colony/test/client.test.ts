import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { connectColony } from '../../proto/client.js';
import type { WatchSessionResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { buildColony } from '../colony.js';
import { noHistory } from '../store/no-history.js';
import { listen } from '../wire/listen.js';
import { FakeAgent } from './fake-agent.js';
import { serve, until } from './serve.js';

function socketAddress(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'coral-client-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return `unix:${directory}/colony.sock`;
}

async function colonyAt(address: string) {
  const colony = buildColony({
    version: 'test',
    rules: { enabled: true, defaultDurationMs: 60_000, maxDurationMs: 600_000 },
    history: noHistory('', 'a test'),
    lostAfterMs: 5000,
    agentWaitMs: 5000,
    say: () => undefined,
  });
  return { colony, listening: await listen(address, colony.services) };
}

test('a colony that is not there is said with its address', async (t) => {
  const address = socketAddress(t);
  const client = connectColony(address);
  t.teardown(() => client.close());
  const error = await t.throwsAsync(client.getStatus());
  t.like(error, { code: 'COLONY_UNREACHABLE', exitCode: 5 });
  t.true(error!.message.startsWith(`no colony answers at ${address}`));
});

test('a call that takes too long is given up', async (t) => {
  const { client } = await serve(t, { agentWaitMs: 60_000 });
  await t.throwsAsync(client.listServices({}, { timeoutMs: 20 }), { code: 'TIMED_OUT' });
});

test('a call is cancelled by its signal, with the reason of the signal', async (t) => {
  const { client } = await serve(t, { agentWaitMs: 60_000 });
  const control = new AbortController();
  const services = client.listServices({}, { signal: control.signal });
  control.abort(new Error('enough'));
  await t.throwsAsync(services, { message: 'enough' });
});

test('a watch goes on over a restart of the colony, with totals that are right', async (t) => {
  const address = socketAddress(t);
  const before = await colonyAt(address);
  const firstAgent = new FakeAgent(address);
  const client = connectColony(address);
  t.teardown(() => client.close());
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay'] });
  const { sessionId } = session!;
  const kinds: string[] = [];
  let snapshot = '';
  const watch = (async () => {
    for await (const { update } of client.watch({ sessionId })) {
      kinds.push(update?.$case === 'notice' ? update.value.code : update!.$case);
      if (update?.$case === 'snapshot') snapshot = update.value.toString();
    }
  })();
  await until(() => kinds.includes('session'));
  firstAgent.close();
  before.colony.sessions.close();
  await before.listening.close(0);
  const after = await colonyAt(address);
  const agent = new FakeAgent(address, { running: [{ info: session }] });
  await until(() => after.colony.sessions.get(sessionId)?.watchers === 1);
  agent.end(sessionId, 'expired', [{ calls: 99, durationNs: 10 }]);
  await watch;
  t.is((JSON.parse(snapshot) as { functions: { calls: number }[] }).functions[0]!.calls, 99);
  t.true(kinds.includes('RECONNECTED'));
  agent.close();
  after.colony.sessions.close();
  await after.listening.close(0);
});

test('a watch that is left early ends its call', async (t) => {
  const { colony, client, agent } = await serve(t);
  agent();
  const { session } = await client.openSession({ serviceName: 'checkout', functions: ['main.pay'] });
  const seen: WatchSessionResponse[] = [];
  for await (const message of client.watch({ sessionId: session!.sessionId })) {
    seen.push(message);
    break;
  }
  t.is(seen[0]!.update!.$case, 'session');
  await until(() => colony.sessions.get(session!.sessionId)!.watchers === 0);
  t.pass();
});
