import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { goBuild } from '../targets/builds.js';
import type { Target } from '../targets/target.js';
import { openStage, type Stage } from './stage.js';
import type { Screen } from './terminal.js';
import { changedText } from './text-of.js';
import { until } from './until.js';

/** Of this run alone, because other tests of the machine run the same program; and first in the list. */
const SERVICE = `a${process.pid}-bench`;
const LISTED = new RegExp(SERVICE);

let stage: Stage;
let target: Target;
test.before(async () => {
  stage = await openStage();
  target = await stage.service(goBuild(), SERVICE);
});
test.after.always(() => stage.close());

const ENTER = '\r';
const LEAVE_ALTERNATE = '\x1b[?1049l';
const SHOW_CURSOR = '\x1b[?25h';

/** The way of the whole task: a service by three letters, a function by three, and its live numbers. */
async function toLiveNumbers(screen: Screen): Promise<void> {
  await screen.shows(LISTED);
  screen.type(`/${SERVICE}`);
  await screen.shows(LISTED);
  screen.type(ENTER);
  await screen.shows(/main\./);
  screen.type('valid');
  await screen.shows(/main\.Validate/);
  screen.type(ENTER);
  await screen.shows(/LIVE \d/);
}

function restored(screen: Screen): boolean {
  const raw = screen.raw();
  return !screen.isAlternate() && raw.includes(LEAVE_ALTERNATE) && raw.lastIndexOf(SHOW_CURSOR) > raw.lastIndexOf('\x1b[?25l');
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
] as const) {
  test.serial(`from start to live numbers at ${columns}x${rows}`, async (t) => {
    const screen = stage.screen(['top'], { columns, rows });
    await toLiveNumbers(screen);
    await until('the probes are armed', () => changedText(target.pid).length > 0);
    const truth = await target.run('order', 321, 2);
    t.is(truth.functions['main.Validate']?.calls, 642 * (columns === 80 ? 1 : 2));
    await screen.shows(/main\.Validate\s.*\b642\b/);

    screen.type('q');
    await screen.shows(/\bq\b|y\/n|again/i);
    screen.type('q');
    t.is(await screen.exited, 0);
    t.true(restored(screen));
    await until('the probes are gone', () => changedText(target.pid).length === 0, 2000);
  });
}

test.serial('the first paint does not wait for the colony', async (t) => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.teardown(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const screen = stage.screen(['top', '--colony', `127.0.0.1:${port}`]);
  await screen.shows(/Services/);
  t.log(`first paint after ${screen.firstPaintMs()?.toFixed(0)} ms`);
  screen.type('q');
  t.is(await screen.exited, 0);
  t.true(restored(screen));
});

for (const way of ['q', 'Ctrl-C', 'SIGTERM', 'SIGHUP'] as const) {
  test.serial(`${way} restores the terminal`, async (t) => {
    const screen = stage.screen(['top'], { columns: 80, rows: 24 });
    await screen.shows(LISTED);
    if (way === 'q') screen.type('q');
    else if (way === 'Ctrl-C') screen.type('\x03');
    else screen.signal(way);
    await screen.exited;
    t.true(restored(screen));
  });
}

test.serial('s writes the snapshot, and --replay opens it without an agent', async (t) => {
  const screen = stage.screen(['top']);
  await toLiveNumbers(screen);
  await until('the probes are armed', () => changedText(target.pid).length > 0);
  await target.run('order', 50, 2);
  await screen.shows(/main\.Validate\s.*\b100\b/);
  screen.type('s');
  await screen.shows(/\.json/);
  const name = /[\w.-]+\.json/.exec(screen.lines().join('\n'))?.[0] ?? '';
  screen.type('q');
  screen.type('q');
  await screen.exited;

  const path = join(stage.folder, name);
  t.is(JSON.parse(await readFile(path, 'utf8')).schema, 'coral.snapshot/1');
  const replay = stage.screen(['top', '--replay', path], { env: { CORAL_RUNTIME_DIR: join(stage.folder, 'none') } });
  await replay.shows(/main\.Validate\s.*\b100\b/);
  replay.type('q');
  t.is(await replay.exited, 0);
});

test.serial('a dead agent is brought back under the open screen, which works on with it', async (t) => {
  const screen = stage.screen(['top']);
  await screen.shows(LISTED);
  const before = await stage.daemon('agent');
  process.kill(before ?? 0, 'SIGKILL');
  await toLiveNumbers(screen);
  await until('the probes are armed', () => changedText(target.pid).length > 0);
  t.not(await stage.daemon('agent'), before);

  const second = await stage.daemon('agent');
  process.kill(second ?? 0, 'SIGKILL');
  await until(
    'there is a new agent though no key was pressed',
    async () => ![null, second].includes(await stage.daemon('agent')),
    5000,
  );
  screen.kill();
});

test.serial('on a pipe top prints one table', async (t) => {
  const { exitCode, stdout } = await stage.coral('top');
  t.is(exitCode, 0);
  t.regex(stdout, LISTED);
  t.false(stdout.includes('\x1b'));
});
