import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { encodeSnapshot } from '../../snapshots/codec/codec.js';
import { plan, sessionInfo } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { type FakeColony, startFakeColony } from './fake-colony.js';

const CORAL = fileURLToPath(new URL('../../../bin/coral', import.meta.url));
const INFO = sessionInfo([plan('main.Checkout')]);
const DOCUMENT = encodeSnapshot(SessionLedger.watching(INFO).snapshot('detached'));

function start(t: ExecutionContext, argv: readonly string[], executable = CORAL): ChildProcess {
  const child = spawn(executable, argv, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

const ended = (child: ChildProcess): Promise<{ code: number | null; signal: string | null }> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

async function run(t: ExecutionContext, argv: readonly string[], executable = CORAL) {
  const child = start(t, argv, executable);
  const [stdout, stderr, { code }] = await Promise.all([text(child.stdout!), text(child.stderr!), ended(child)]);
  return { stdout, stderr, code };
}

/** A colony whose session runs until it is detached; `deaf`: it runs on even then; `opening`: what happens before it is open. */
async function watched(
  t: ExecutionContext,
  deaf = false,
  opening = async () => {},
): Promise<FakeColony & { detached: Promise<void> }> {
  let detach = (): void => {};
  const detached = new Promise<void>((resolve) => {
    detach = resolve;
  });
  async function* session() {
    yield { update: { $case: 'session', value: INFO } };
    await (deaf ? new Promise(() => {}) : detached);
    yield { update: { $case: 'snapshot', value: Buffer.from(DOCUMENT) } };
  }
  const colony = await startFakeColony({
    async openSession() {
      await opening();
      return { session: INFO };
    },
    watchSession: session,
    detachUprobe: () => {
      detach();
      return { success: true };
    },
  });
  t.teardown(colony.stop);
  return { ...colony, detached };
}

const ATTACH = ['debug', 'attach', 'shop', '--function', 'f', '--format', 'ndjson'];

/** Resolves once the stream has begun. */
const firstLine = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.stdout!.once('data', resolve));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} once: the final document and exit 0`, async (t) => {
    const colony = await watched(t);
    const child = start(t, [...ATTACH, '--colony', colony.address]);
    const output = text(child.stdout!);
    await firstLine(child);
    child.kill(signal);
    t.is((await ended(child)).code, 0);
    t.is((await output).trimEnd().split('\n').at(-1), DOCUMENT);
  });
}

test('SIGINT while the session opens: it is ended in order, and its document printed', async (t) => {
  const child: { interrupt?: () => void } = {};
  const colony = await watched(t, false, async () => {
    child.interrupt?.();
    await sleep(200);
  });
  const attach = start(t, [...ATTACH, '--colony', colony.address]);
  child.interrupt = () => attach.kill('SIGINT');
  const output = text(attach.stdout!);
  t.is((await ended(attach)).code, 0);
  t.is((await output).trimEnd().split('\n').at(-1), DOCUMENT);
});

test('a full disk under stdout is told in a line, and the status is a failure', async (t) => {
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  const child = spawn(CORAL, ['completion', 'bash'], { stdio: ['ignore', full, 'pipe'], cwd: '/' });
  const [stderr, { code }] = await Promise.all([text(child.stderr!), ended(child)]);
  t.is(code, 1);
  t.regex(stderr, /^coral: stdout cannot be written: ENOSPC.*\n$/);
});

test('SIGINT twice: gone at once', async (t) => {
  const colony = await watched(t, true);
  const child = start(t, [...ATTACH, '--colony', colony.address]);
  await firstLine(child);
  child.kill('SIGINT');
  await colony.detached;
  child.kill('SIGINT');
  t.is((await ended(child)).code, 130);
});

test('a reader that goes away ends the session quietly', async (t) => {
  const colony = await watched(t);
  const child = start(t, [...ATTACH, '--interval', '10ms', '--colony', colony.address]);
  const complaints = text(child.stderr!);
  await firstLine(child);
  child.stdout!.destroy();
  await colony.detached;
  t.is((await ended(child)).code, 0);
  t.is(await complaints, '');
});

test('wrong usage is exit 2, as JSON where JSON was asked for', async (t) => {
  const plain = await run(t, ['services', '--colour']);
  t.deepEqual(plain, {
    stdout: '',
    stderr: 'coral: services: there is no option --colour\n       did you mean --colony? see: coral services --help\n',
    code: 2,
  });
  const json = await run(t, ['services', '--colour', '--format=json']);
  t.is(json.code, 2);
  t.is(json.stdout, '');
  t.like(JSON.parse(json.stderr), {
    error: { code: 'USAGE', message: 'services: there is no option --colour', details: { option: 'colour', near: ['--colony'] } },
  });
});

test('it works from anywhere, through a symbolic link', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-link-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  symlinkSync(CORAL, join(directory, 'coral'));
  const { stdout, code } = await run(t, ['--version'], join(directory, 'coral'));
  t.is(code, 0);
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a colony on a taken port says so in one error, and its history is for its owner alone', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-state-'));
  chmodSync(directory, 0o755);
  t.teardown(() => rmSync(directory, { recursive: true }));
  const environment = { ...process.env, CORAL_STATE_DIR: directory };
  const command = ['colony', 'run', '--listen', '127.0.0.1:0'];
  const first = spawn(CORAL, command, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  t.teardown(() => first.kill('SIGKILL'));
  const [said] = (await Promise.race([once(first.stdout, 'data'), once(first.stderr, 'data')])) as [Buffer];
  const port = /127\.0\.0\.1:(\d+)/.exec(String(said))?.[1];
  const { code, stderr } = await run(t, ['colony', 'run', '--listen', `127.0.0.1:${port}`]);
  t.is(code, 5);
  t.regex(stderr, /^coral: the colony cannot listen on/);
  first.kill('SIGTERM');
  await ended(first);
  const names = readdirSync(directory);
  t.true(names.includes('history.duckdb'));
  for (const name of names) t.is(statSync(join(directory, name)).mode & 0o077, 0, name);
});

test('a colony that is not there is exit 5', async (t) => {
  const { code, stderr } = await run(t, ['services', '--colony', '127.0.0.1:1', '--format', 'json']);
  t.is(code, 5);
  t.is(JSON.parse(stderr).error.code, 'COLONY_UNREACHABLE');
});
