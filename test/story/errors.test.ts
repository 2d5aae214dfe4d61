import { chown, copyFile, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { buildTarget } from '../targets/build-targets.js';
import { cBuild, goBuild } from '../targets/builds.js';
import type { Target } from '../targets/target.js';
import type { Finished } from './coral.js';
import { openStage, type Stage } from './stage.js';

let stage: Stage;
let target: Target;
test.before(async () => {
  stage = await openStage();
  target = await stage.target(goBuild());
});
test.after.always(() => stage.close());

/** The error object on stderr, which is all that a script reads there. */
function errorOf({ stderr }: Finished): { code: string; message: string; hint: string; details?: Record<string, unknown> } {
  const line = stderr.split('\n').find((text) => text.startsWith('{"error"'));
  if (line === undefined) throw new Error(`no error object on stderr: ${stderr}`);
  return JSON.parse(line).error;
}

const attach = (service: string, ...args: string[]) => stage.coral('debug', 'attach', service, ...args, '--format', 'json');

async function deadPid(): Promise<number> {
  const short = await stage.target(goBuild());
  await short.end();
  return short.pid;
}

test.serial('a dead pid is not found', async (t) => {
  const pid = await deadPid();
  const finished = await attach(`pid:${pid}`, '--function', 'main.Plain');
  t.is(finished.exitCode, 3);
  t.is(finished.stdout, '');
  t.true(['PROCESS_NOT_FOUND', 'SERVICE_NOT_FOUND'].includes(errorOf(finished).code));
  t.true(errorOf(finished).message.includes(String(pid)));
});

test.serial('an unknown service names the nearest ones', async (t) => {
  const finished = await attach('steady-go-defualt', '--function', 'main.Plain');
  t.is(finished.exitCode, 3);
  t.is(errorOf(finished).code, 'SERVICE_NOT_FOUND');
  t.true(JSON.stringify(errorOf(finished)).includes('steady-go-default'));
});

test.serial('an unknown function names candidates', async (t) => {
  const finished = await attach(`pid:${target.pid}`, '--function', 'main.Validat');
  t.is(finished.exitCode, 3);
  t.is(errorOf(finished).code, 'FUNCTION_NOT_FOUND');
  t.true(JSON.stringify(errorOf(finished)).includes('main.Validate'));
});

test.serial('a function that a library of the process has is found there', async (t) => {
  const { pid } = await stage.target(cBuild('O2'));
  const finished = await attach(`pid:${pid}`, '--function', 'malloc');
  t.is(finished.exitCode, 3);
  t.deepEqual(errorOf(finished).details?.candidates, ['libc.so.6:malloc']);
  t.is(errorOf(finished).hint, 'a library has it: libc.so.6:malloc');
});

test.serial('an ambiguous suffix lists what it may mean', async (t) => {
  const finished = await attach(`pid:${target.pid}`, '--function', 'String');
  t.is(finished.exitCode, 3);
  t.is(errorOf(finished).code, 'FUNCTION_AMBIGUOUS');
});

test.serial('a wrong flag is wrong usage', async (t) => {
  const finished = await attach(`pid:${target.pid}`, '--function', 'main.Plain', '--dration', '5s');
  t.is(finished.exitCode, 2);
  t.is(errorOf(finished).code, 'USAGE');
  t.true(errorOf(finished).message.includes('dration'));
});

test.serial('a duration that is none is wrong usage, one over the limit is refused', async (t) => {
  t.is((await attach(`pid:${target.pid}`, '--function', 'main.Plain', '--duration', 'soon')).exitCode, 2);
  const long = await attach(`pid:${target.pid}`, '--function', 'main.Plain', '--duration', '601s');
  t.is(long.exitCode, 4);
  t.is(errorOf(long).code, 'LIMIT_EXCEEDED');
});

test.serial('an executable with a broken section table is refused, not half read', async (t) => {
  const copy = join(stage.folder, 'corrupt');
  await copyFile(await buildTarget(cBuild()), copy);
  await breakSectionTable(copy);
  const broken = await stage.program(copy);
  const finished = await attach(`pid:${broken.pid}`, '--function', 'plain');
  t.is(finished.exitCode, 4, finished.stderr);
  t.is(errorOf(finished).code, 'CORRUPT_ELF', finished.stderr);
  t.regex(errorOf(finished).message, /damaged|corrupt/);
});

/** The kernel reads program headers only: such a program runs. e_shoff lies at byte 40 of the header. */
async function breakSectionTable(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.from('ffffffffffffff00', 'hex'), 0, 8, 40);
  await file.close();
}

test.serial('a history file locked by another process does not stop a session, and is told', async (t) => {
  const other = await openStage();
  await mkdir(other.env.CORAL_STATE_DIR as string, { recursive: true });
  const elsewhere = await stage.target(goBuild());
  const first = await other.attach(`pid:${elsewhere.pid}`, '--function', 'main.Plain');
  const second = await openStage({ CORAL_STATE_DIR: other.env.CORAL_STATE_DIR as string });
  try {
    const attachment = await second.attach(`pid:${target.pid}`, '--function', 'main.Plain');
    await target.run('plain', 100, 2);
    const snapshot = await attachment.end();
    t.is(snapshot.functions[0]?.calls, 100);
    const query = await second.coral('debug', 'query', `pid:${target.pid}`, '--function', 'main.Plain', '--format', 'json');
    t.not(query.exitCode, 0);
    t.regex(query.stderr, /lock/i);
  } finally {
    await first.end();
    await second.close();
    await other.close();
  }
});

test.serial('without --format json errors are words, with what to do next', async (t) => {
  const { exitCode, stdout, stderr } = await stage.coral('debug', 'attach', 'no-such-service', '--function', 'main.Plain');
  t.deepEqual([exitCode, stdout], [3, '']);
  t.false(stderr.includes('{"error"'));
  t.regex(stderr, /coral services/);
});

test.serial('a colony that does not answer is not reachable', async (t) => {
  const finished = await stage.coral('services', '--colony', '127.0.0.1:9', '--format', 'json');
  t.is(finished.exitCode, 5);
  t.is(errorOf(finished).code, 'COLONY_UNREACHABLE');
});

const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;

asRoot('a runtime directory of another user is refused', async (t) => {
  const folder = join(stage.folder, 'theirs');
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, 12345, 12345);
  const theirs = await openStage({ CORAL_RUNTIME_DIR: folder });
  const finished = await theirs.coral('services', '--format', 'json');
  await theirs.close();
  t.is(finished.exitCode, 4, finished.stderr);
  t.is(errorOf(finished).code, 'NO_PERMISSION');
});
