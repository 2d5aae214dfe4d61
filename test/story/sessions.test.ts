import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { buildTarget } from '../targets/build-targets.js';
import { goBuild } from '../targets/builds.js';
import type { Target } from '../targets/target.js';
import { rowOf, type Snapshot, TIME_SLICE_NS } from './lines.js';
import { openStage, type Stage } from './stage.js';
import { changedText } from './text-of.js';

/** Of this run alone: other tests of the machine run the same program. */
const SERVICE = `sessions${process.pid}`;

let stage: Stage;
let target: Target;
test.before(async () => {
  stage = await openStage();
  target = await stage.service(goBuild(), SERVICE);
});
test.beforeEach(() => target.tell('reset'));
test.after.always(() => stage.close());

async function json<Value>(...args: string[]): Promise<Value> {
  const { exitCode, stdout, stderr } = await stage.coral(...args, '--format', 'json');
  if (exitCode !== 0) throw new Error(`coral ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}

test.serial('services lists the target with its language and build id', async (t) => {
  const { services } = await json<{ services: Record<string, unknown>[] }>('services');
  const row = services.find(({ pid }) => pid === target.pid);
  t.like(row, { service: SERVICE, language: 'go', probeable: true, registered: false, sessions: 0 });
});

test.serial('functions finds by pattern, and says what each costs', async (t) => {
  const { functions } = await json<{ functions: Record<string, unknown>[] }>(
    'functions',
    `pid:${target.pid}`,
    '--match',
    '^main\\.(Pay|Plain)$',
  );
  const rows = functions.map(({ name, probeable, entry_cost }) => `${name} ${probeable} ${entry_cost}`);
  t.deepEqual(rows.sort(), ['main.Pay true emulated', 'main.Plain true stepped']);
});

test.serial('a dry run says what would be armed, and arms nothing', async (t) => {
  const plan = await json<Snapshot>('debug', 'attach', `pid:${target.pid}`, '--function', 'main.Pay', '--dry-run');
  t.deepEqual(
    rowOf(plan, 'main.Pay').sites.map(({ role }) => role),
    ['entry', 'return'],
  );
  t.deepEqual(changedText(target.pid), []);
});

test.serial('a second terminal sees the session and ends it', async (t) => {
  const attachment = await stage.attach(SERVICE, '--function', 'main.Plain');
  const { sessions } = await json<{ sessions: Record<string, unknown>[] }>('debug', 'list');
  t.like(
    sessions.find(({ session_id }) => session_id === attachment.session.session_id),
    { service: SERVICE, function: 'main.Plain' },
  );

  await target.run('plain', 250, 2);
  t.is((await stage.coral('debug', 'detach', SERVICE, '--session-id', attachment.session.session_id)).exitCode, 0);
  const { snapshot, exitCode } = await attachment.ended();
  t.deepEqual([snapshot.end_reason, exitCode, rowOf(snapshot, 'main.Plain').calls], ['detached', 0, 250]);
});

test.serial('what a session measured is in the history, and can be exported and queried', async (t) => {
  const attachment = await stage.attach(SERVICE, '--function', 'main.Reserve');
  await target.run('order', 40, 2);
  const snapshot = await attachment.end();
  const { stdout, stderr } = await stage.coral('export', snapshot.session_id, '--as', 'json');
  const exported = JSON.parse(stdout || stderr) as Snapshot;
  t.deepEqual(exported.functions, snapshot.functions);
  const queried = await stage.coral('debug', 'query', SERVICE, '--function', 'main.Reserve', '--since', '1h', '--format', 'json');
  t.is(queried.exitCode, 0, queried.stderr);
  t.true(queried.stdout.includes(snapshot.session_id));
});

test.serial('one refused function does not take the session down', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Pay', '--function', 'runtime.memmove');
  await target.run('order', 10, 1);
  const snapshot = await attachment.end();
  t.is(rowOf(snapshot, 'main.Pay').calls, 10);
  t.is(snapshot.functions.length + snapshot.refused.length, 2);
});

test.serial('a glob attaches to all that fit', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.*', '--budget', 'unlimited');
  const truth = await target.run('order', 50, 4);
  const snapshot = await attachment.end();
  for (const name of ['main.Checkout', 'main.Validate', 'main.Pay', 'main.Reserve']) {
    t.is(rowOf(snapshot, name).calls, truth.functions[name]?.calls ?? Number.NaN, name);
  }
});

test.serial('calls slower than asked are shown singly', async (t) => {
  const attachment = await stage.attach(
    `pid:${target.pid}`,
    '--function',
    'main.Wait',
    '--slower-than',
    '20ms',
    '--budget',
    'unlimited',
  );
  const { durations_ns: own = [] } = await target.run('wait', 30, 4);
  const call = await attachment.next('call');
  t.is(call.function, 'main.Wait');
  t.true(call.duration_ns >= 20_000_000);
  const { slow_calls: slow } = await attachment.end();
  const [slowest, longest] = [Math.max(...slow.map(({ duration_ns }) => duration_ns)), own.at(-1) ?? Number.NaN];
  t.true(slowest >= longest && slowest < longest + TIME_SLICE_NS, `${slowest} against ${longest}`);
});

test.serial('no slow calls are kept where none are asked for', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Wait', '--max-slow', '0');
  await target.run('wait', 30, 4);
  const snapshot = await attachment.end();
  t.true(rowOf(snapshot, 'main.Wait').calls > 0);
  t.deepEqual(snapshot.slow_calls, []);
});

test.serial('several processes of one service add up', async (t) => {
  const copy = join(stage.folder, 'replicated');
  await copyFile(await buildTarget(goBuild()), copy);
  const [first, second] = [await stage.program(copy), await stage.program(copy)];
  const attachment = await stage.attach('replicated', '--function', 'main.Plain');
  t.deepEqual([...attachment.session.pids].sort(), [first.pid, second.pid].sort());
  await Promise.all([first.run('plain', 300, 2), second.run('plain', 200, 2)]);
  t.is(rowOf(await attachment.end(), 'main.Plain').calls, 500);
});
