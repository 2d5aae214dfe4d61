import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { CoralError } from '../../proto/errors.js';
import { ensurePair, type PairOptions, startPair } from '../private-pair/ensure-pair.js';
import { endProcess } from '../private-pair/processes.js';
import { claimRuntimeDir, pairPaths } from '../private-pair/runtime-dir.js';

const FAKE = fileURLToPath(new URL('./fake-daemon.js', import.meta.url));

interface Start {
  readonly room: string;
  readonly pid: number;
}

/** A runtime directory of its own, and everything that was started in it ends with the test. */
function pairOf(t: ExecutionContext, environment: NodeJS.ProcessEnv = {}): { options: PairOptions; starts(): Start[] } {
  const directory = join(mkdtempSync(join(tmpdir(), 'coral-pair-')), 'run');
  const starts = (): Start[] => {
    const path = join(directory, 'starts');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    return lines.map((line) => ({ room: line.split(' ')[0] ?? '', pid: Number(line.split(' ')[1]) }));
  };
  t.teardown(async () => {
    await Promise.all(starts().map(({ pid }) => endProcess(pid, 2000)));
    rmSync(directory, { recursive: true, force: true });
  });
  const options = {
    paths: pairPaths(directory),
    uid: process.getuid?.() ?? 0,
    executable: FAKE,
    environment: { ...process.env, ...environment, CORAL_RUNTIME_DIR: directory },
    say: () => {},
  };
  return { options, starts };
}

const roomsOf = (starts: readonly Start[]): string[] => starts.map(({ room }) => room).sort();
const pidOf = (starts: readonly Start[], room: string): number => starts.find((start) => start.room === room)?.pid ?? 0;

test('the first command starts colony and agent, the second joins them', async (t) => {
  const { options, starts } = pairOf(t);
  await ensurePair(options);
  await ensurePair(options);
  t.deepEqual(roomsOf(starts()), ['agent', 'colony']);
  t.is(statSync(options.paths.directory).mode & 0o777, 0o700);
  t.false(existsSync(options.paths.startLock));
});

test('commands that begin at once start one pair', async (t) => {
  const { options, starts } = pairOf(t);
  await Promise.all([1, 2, 3, 4].map(() => ensurePair(options)));
  t.deepEqual(roomsOf(starts()), ['agent', 'colony']);
});

test('a killed agent is started again under the live colony, over its dead socket', async (t) => {
  const { options, starts } = pairOf(t);
  await ensurePair(options);
  process.kill(pidOf(starts(), 'agent'), 'SIGKILL');
  await endProcess(pidOf(starts(), 'agent'), 2000);
  t.true(existsSync(options.paths.agentSocket));
  await ensurePair(options);
  t.deepEqual(roomsOf(starts()), ['agent', 'agent', 'colony']);
});

test('an agent that answered and goes with its dead colony is started again', async (t) => {
  const { options, starts } = pairOf(t);
  await ensurePair(options);
  await endProcess(pidOf(starts(), 'colony'), 2000);
  const untilReady = await startPair(options);
  await endProcess(pidOf(starts(), 'agent'), 2000);
  await untilReady();
  // A process writes down its own start, which may come after it is asked for.
  for (const until = Date.now() + 5000; starts().length < 4 && Date.now() < until; )
    await new Promise((tick) => setTimeout(tick, 20));
  t.deepEqual(roomsOf(starts()), ['agent', 'agent', 'colony', 'colony']);
});

test('the lock of a dead command is taken over', async (t) => {
  const { options, starts } = pairOf(t);
  mkdirSync(options.paths.directory);
  writeFileSync(options.paths.startLock, '4194305\n');
  await ensurePair(options);
  t.deepEqual(roomsOf(starts()), ['agent', 'colony']);
});

test('an agent that ends at once is AGENT_UNREACHABLE with the end of its log', async (t) => {
  const { options } = pairOf(t, { FAKE_FAILURE: 'agent' });
  const error = await t.throwsAsync<CoralError>(ensurePair(options), { instanceOf: CoralError });
  t.is(error?.code, 'AGENT_UNREACHABLE');
  t.is(error?.message, 'the private agent ended at once (status 7); the end of its log:\nno agent today');
});

test("a directory of another user is refused, and one's own is made private", (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-dir-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const uid = process.getuid?.() ?? 0;
  const error = t.throws<CoralError>(() => claimRuntimeDir(directory, uid + 1), { instanceOf: CoralError });
  t.like(error, {
    code: 'NO_PERMISSION',
    message: `the runtime directory ${directory} cannot be used: it is owned by uid ${uid}, not by uid ${uid + 1}`,
    hint: 'set CORAL_RUNTIME_DIR to a directory of your own',
  });
  chmodSync(directory, 0o755);
  claimRuntimeDir(directory, uid);
  t.is(statSync(directory).mode & 0o777, 0o700);
});

test('a runtime directory that is a file is refused', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-dir-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'file'), '');
  t.throws(() => claimRuntimeDir(join(directory, 'file'), process.getuid?.() ?? 0), { instanceOf: CoralError });
});

test('a directory whose path is too long for a socket is refused as such', (t) => {
  const directory = join(tmpdir(), 'x'.repeat(100));
  const error = t.throws<CoralError>(() => claimRuntimeDir(directory, process.getuid?.() ?? 0), { instanceOf: CoralError });
  t.like(error, {
    code: 'NO_PERMISSION',
    message: `the runtime directory ${directory} cannot be used: the path of a socket in it would have ${directory.length + 12} bytes, and Linux takes 107`,
  });
  t.false(existsSync(directory));
});
