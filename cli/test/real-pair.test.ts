/** The whole way with a real pair and a real program: the sample service, asked an exact number of times. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import anyTest, { type TestFn } from 'ava';
import { type SampleServices, startSampleServices } from '../demo/sample-services.js';
import { endProcess } from '../private-pair/processes.js';

const CORAL = fileURLToPath(new URL('../../../bin/coral', import.meta.url));

interface Context {
  directory: string;
  samples: SampleServices;
}
const test = anyTest as TestFn<Context>;

test.before(async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-real-'));
  t.context = { directory, samples: await startSampleServices(0, process.env) };
});

test.after.always(async ({ context: { directory, samples } }) => {
  samples.stop();
  const pids = ['agent', 'colony'].map((room) => Number(readFileSync(join(directory, 'run', `${room}.pid`), 'utf8')));
  await Promise.all(pids.map((pid) => endProcess(pid, 5000)));
  rmSync(directory, { recursive: true, force: true });
});

function coral(directory: string, ...argv: string[]): ChildProcess {
  const environment = { ...process.env, CORAL_RUNTIME_DIR: join(directory, 'run'), CORAL_STATE_DIR: join(directory, 'state') };
  return spawn(CORAL, argv, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
}

async function answer(directory: string, ...argv: string[]): Promise<unknown> {
  return JSON.parse(await text(coral(directory, ...argv, '--format', 'json').stdout!));
}

const statusOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));

test.serial('services and functions of a real program', async (t) => {
  const { directory, samples } = t.context;
  const { services } = (await answer(directory, 'services')) as { services: { pid: number }[] };
  t.like(
    services.find(({ pid }) => pid === samples.checkoutPid),
    { service: 'checkout', language: 'go', probeable: true, reason: null },
  );
  const pid = `pid:${samples.checkoutPid}`;
  const { functions } = (await answer(directory, 'functions', pid, '--match', '^main.validateCard$')) as { functions: object[] };
  t.is(functions.length, 1);
  t.like(functions[0], { name: 'main.validateCard', probeable: true, inlined_copies: 0 });
});

test.serial('calls after the session line are counted to the last one', async (t) => {
  const { directory, samples } = t.context;
  const child = coral(
    directory,
    'debug',
    'attach',
    `pid:${samples.checkoutPid}`,
    '--function',
    'validateCard',
    '--format',
    'ndjson',
  );
  const lines: { type: string }[] = [];
  const ended = statusOf(child);
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(JSON.parse(line));
    if (lines.length > 1) continue;
    t.is(lines[0]?.type, 'session');
    for (let i = 0; i < 60; i++) await fetch(`${samples.url}/checkout?user=u_1&card=4539578763621486&items=1`);
    child.kill('SIGINT');
  }
  t.is(await ended, 0);
  t.like(lines.at(-1), { type: 'snapshot', end_reason: 'interrupted', losses: {}, text_verified: true });
  const [row] = (lines.at(-1) as unknown as { functions: object[] }).functions;
  t.like(row, { name: 'main.validateCard', calls: 60, returns: 60, in_flight: 0, unwound: 0, untracked: 0 });
});
