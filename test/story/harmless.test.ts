import test from 'ava';
import { goBuild } from '../targets/builds.js';
import type { Target } from '../targets/target.js';
import { rowOf } from './lines.js';
import { openStage, type Stage } from './stage.js';
import { changedText } from './text-of.js';
import { alive, until } from './until.js';

/** Attach and detach as often under load; the promise is 200. */
const ROUNDS = Number(process.env.CORAL_TEST_ROUNDS ?? 20);

let stage: Stage;
let target: Target;
test.beforeEach(async () => {
  stage = await openStage();
  target = await stage.target(goBuild());
});
test.afterEach.always(() => stage.close());

const FUNCTIONS = [
  '--function',
  'main.Plain',
  '--function',
  'main.Grow',
  '--function',
  'main.MayPanic',
  '--function',
  'main.Recurse',
];

test.serial('probes come and go under load, and the program answers rightly with its text unchanged', async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const load = target.run('mixed', 4_000, 8);
    const attachment = await stage.attach(`pid:${target.pid}`, ...FUNCTIONS, '--budget', 'unlimited');
    const snapshot = await attachment.end();
    for (const row of snapshot.functions) t.is(row.calls, row.returns + row.in_flight + row.unwound + row.untracked, row.name);
    await load;
    t.deepEqual(changedText(target.pid), [], `after round ${round}`);
  }
  const { functions } = (await target.tell('truth')) as {
    functions: Record<string, { calls: number; returns: number; unwound: number }>;
  };
  t.is(functions['main.Guard']?.calls, ROUNDS * 250);
  for (const [name, { calls, returns, unwound }] of Object.entries(functions)) t.is(calls, returns + unwound, name);
  t.is(await target.end(), 0);
});

for (const victim of ['agent', 'colony', 'cli'] as const) {
  test.serial(`SIGKILL of the ${victim} in mid-session leaves no probe behind, and the next run works`, async (t) => {
    const attachment = await stage.attach(`pid:${target.pid}`, ...FUNCTIONS, '--budget', 'unlimited');
    t.not(changedText(target.pid).length, 0, 'the probes are there');
    const pid = victim === 'cli' ? attachment.process.pid : await stage.daemon(victim);
    process.kill(pid as number, 'SIGKILL');

    await until('no probe is left in the target', () => changedText(target.pid).length === 0, 2000);
    await target.run('mixed', 1_000, 8);
    if (victim === 'agent') {
      const { snapshot, exitCode } = await attachment.ended();
      t.deepEqual([snapshot.end_reason, exitCode], ['agent_lost', 5]);
    }
    if (victim === 'colony') t.is(await attachment.exited, 5);

    const next = await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain');
    await target.run('plain', 500, 4);
    t.is(rowOf(await next.end(), 'main.Plain').calls, 500);
  });
}

test.serial('the run after a killed colony tells how the session before it ended', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain');
  process.kill((await stage.daemon('colony')) as number, 'SIGKILL');
  await attachment.exited;
  const { stderr } = await stage.coral('debug', 'list');
  t.true(stderr.includes(attachment.session.session_id), stderr);
});

test.serial('a session ends by itself at its time', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain', '--duration', '500ms');
  const { snapshot, exitCode } = await attachment.ended();
  t.deepEqual([snapshot.end_reason, exitCode], ['expired', 0]);
  t.deepEqual(changedText(target.pid), []);
});

test.serial('a target that exits in mid-session ends it, and what it did is kept', async (t) => {
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain');
  await target.run('plain', 300, 4);
  await target.end();
  const { snapshot, exitCode } = await attachment.ended();
  t.deepEqual([snapshot.end_reason, exitCode], ['target_exited', 0]);
  t.is(rowOf(snapshot, 'main.Plain').calls, 300);
});

test.serial('the private pair ends when nobody needs it', async (t) => {
  await (await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain')).end();
  const pids = [await stage.daemon('agent'), await stage.daemon('colony')];
  t.false(pids.includes(null));
  await until('agent and colony have ended', () => pids.every((pid) => !alive(pid as number)), 15_000);
});
