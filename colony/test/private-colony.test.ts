import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { connectColony } from '../../proto/client.js';
import { FakeAgent } from './fake-agent.js';
import { until } from './serve.js';

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
  readonly runtimeDir: string;
  readonly stateDir: string;
}

/** A private colony as a process of its own; `base` keeps its directories for a second one. */
async function start(t: ExecutionContext, base = mkdtempSync(join(tmpdir(), 'coral-private-'))): Promise<Running> {
  const [runtimeDir, stateDir] = [join(base, 'run'), join(base, 'state')];
  const main = new URL('../main.js', import.meta.url).href;
  const script = `import(${JSON.stringify(main)}).then(({ runColony }) => runColony({ version: 'test', private: true }))`;
  const environment = { ...process.env, CORAL_RUNTIME_DIR: runtimeDir, CORAL_STATE_DIR: stateDir };
  const child = spawn(process.execPath, ['-e', script], { env: environment, stdio: 'ignore' });
  t.teardown(() => {
    child.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  });
  await until(() => existsSync(join(runtimeDir, 'colony.pid')));
  return { child, address: `unix:${runtimeDir}/colony.sock`, runtimeDir, stateDir };
}

const REQUEST = { serviceName: 'checkout', functions: ['main.pay'] };

test('the socket is its owner’s alone, and SIGTERM leaves nothing behind', async (t) => {
  const { child, runtimeDir } = await start(t);
  t.is(statSync(runtimeDir).mode & 0o777, 0o700);
  t.is(statSync(join(runtimeDir, 'colony.sock')).mode & 0o777, 0o600);
  t.is(readFileSync(join(runtimeDir, 'colony.pid'), 'utf8'), `${child.pid}\n`);
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
  t.false(existsSync(join(runtimeDir, 'colony.sock')));
  t.false(existsSync(join(runtimeDir, 'colony.pid')));
});

test('it stays while somebody attends, and ends no sooner than five seconds after', async (t) => {
  const { child, address } = await start(t);
  const client = connectColony(address);
  const attendance = client.attend({ client: 'test' });
  for await (const { version } of attendance) {
    t.is(version, 'test');
    break;
  }
  const leftAtMs = performance.now();
  client.close();
  t.deepEqual(await once(child, 'exit'), [0, null]);
  const tookMs = performance.now() - leftAtMs;
  t.true(tookMs > 4900, `${tookMs} ms`);
});

test('a session that a kill of the colony ended is reported by the next one, once, and is in its history', async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'coral-private-'));
  const first = await start(t, base);
  const agent = new FakeAgent(first.address);
  const client = connectColony(first.address);
  const { session } = await client.openSession({ ...REQUEST, requestedBy: 'ann' });
  await until(() => existsSync(join(first.stateDir, 'open-sessions', `${session!.sessionId}.json`)));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  rmSync(join(first.runtimeDir, 'colony.pid'));
  agent.close();
  client.close();
  const second = await start(t, base);
  const next = connectColony(second.address);
  t.teardown(() => next.close());
  t.like((await next.getStatus()).unreportedEnds, [{ sessionId: session!.sessionId, status: 'interrupted', requestedBy: 'ann' }]);
  t.is((await next.getStatus({ takeUnreportedEnds: true })).unreportedEnds.length, 1);
  t.deepEqual((await next.getStatus()).unreportedEnds, []);
  t.like(await next.listDebugSessions({ includeEnded: true }), {
    sessions: [{ sessionId: session!.sessionId, status: 'interrupted' }],
  });
});

test('what ended is found by a later colony', async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'coral-private-'));
  const first = await start(t, base);
  const agent = new FakeAgent(first.address);
  const client = connectColony(first.address);
  const { session } = await client.openSession(REQUEST);
  agent.end(session!.sessionId, 'expired', [{ calls: 42, durationNs: 1000 }]);
  await agent.next('endAck');
  agent.close();
  client.close();
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
  const second = await start(t, base);
  const next = connectColony(second.address);
  t.teardown(() => next.close());
  const { entries } = await next.queryHistory({ serviceName: 'checkout', functionName: 'pay' });
  t.is(entries.length, 1);
  t.like(JSON.parse(String(entries[0]!.snapshot)), { end_reason: 'expired', functions: [{ name: 'main.pay', calls: 42 }] });
  const { snapshot } = await next.getSnapshot({ sessionId: session!.sessionId });
  t.deepEqual(snapshot, entries[0]!.snapshot);
  t.deepEqual((await next.queryHistory({ serviceName: 'checkout', functionName: 'refund' })).entries, []);
  await t.throwsAsync(next.queryHistory({ serviceName: 'chekout' }), { code: 'SERVICE_NOT_FOUND' });
  t.deepEqual((await next.listDebugSessions({ serviceName: 'checkout' })).sessions, []);
});

test('TCP beyond this host is refused', async (t) => {
  const { runColony } = await import('../main.js');
  const environment = { CORAL_STATE_DIR: mkdtempSync(join(tmpdir(), 'coral-private-')) };
  await t.throwsAsync(runColony({ version: 'test', listen: '0.0.0.0:9000', environment }), { code: 'UNSUPPORTED' });
});
