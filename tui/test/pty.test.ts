import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import test, { type ExecutionContext } from 'ava';
import { type IPty, spawn } from 'node-pty';
import { RESTORE } from '../screen/restore.js';

const PROGRAM = fileURLToPath(new URL('pty-program.js', import.meta.url));
const PATIENCE_MS = 20_000;

interface Run {
  readonly pty: IPty;
  readonly term: xterm.Terminal;
  readonly reportPath: string;
  readonly exit: Promise<{ exitCode: number; signal?: number }>;
  raw: string;
}

function start(t: ExecutionContext, fault = '', env: Record<string, string> = {}): Run {
  const reportPath = join(mkdtempSync(join(tmpdir(), 'coral-pty-')), 'report.json');
  const term = new xterm.Terminal({ cols: 100, rows: 30, allowProposedApi: true, scrollback: 0 });
  const pty = spawn(process.execPath, [PROGRAM, reportPath, fault], {
    cols: 100,
    rows: 30,
    name: env.TERM ?? 'tmux-256color',
    env: { ...process.env, LANG: 'C.UTF-8', CORAL_STATE_DIR: dirname(reportPath), ...env } as Record<string, string>,
  });
  const run: Run = {
    pty,
    term,
    reportPath,
    raw: '',
    exit: new Promise((resolve) => {
      pty.onExit(resolve);
    }),
  };
  pty.onData((data) => {
    run.raw += data;
    term.write(data);
  });
  t.teardown(() => {
    try {
      process.kill(pty.pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  return run;
}

const screenOf = (term: xterm.Terminal): string =>
  Array.from({ length: term.rows }, (_, y) => term.buffer.active.getLine(y)?.translateToString(true) ?? '').join('\n');

/** Everything that came is on the emulated screen. */
const settled = (run: Run): Promise<void> => new Promise((resolve) => run.term.write('', resolve));

async function until(run: Run, shown: string | RegExp): Promise<string> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    await settled(run);
    const text = screenOf(run.term);
    if (typeof shown === 'string' ? text.includes(shown) : shown.test(text)) return text;
    if (Date.now() > giveUpAt) throw new Error(`${shown} never came:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Once the kernel says that the process is stopped. */
async function stopped(pid: number): Promise<void> {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise((resolve) => setTimeout(resolve, 10));
}

for (const [way, status] of [
  ['SIGTERM', 0],
  ['SIGINT', 0],
  ['SIGHUP', 0],
  ['q', 0],
  ['\x03', 0],
] as const) {
  test.serial(`the terminal is given back after ${way === '\x03' ? 'Ctrl-C' : way}`, async (t) => {
    const run = start(t);
    await until(run, 'checkout');
    if (way.startsWith('SIG')) process.kill(run.pty.pid, way);
    else run.pty.write(way);
    t.is((await run.exit).exitCode, status);
    await settled(run);
    t.true(run.raw.endsWith(RESTORE));
    t.is(run.term.buffer.active.type, 'normal');
  });
}

for (const fault of ['throw', 'reject']) {
  test.serial(`the terminal is given back after a crash (${fault}), and the error is told below`, async (t) => {
    const run = start(t, fault);
    t.is((await run.exit).exitCode, 1);
    await settled(run);
    await until(run, 'on purpose');
    t.is(run.term.buffer.active.type, 'normal');
    t.true(run.raw.includes(RESTORE));
  });
}

test.serial('256 colours also where TERM is one whose description blessed cannot read', async (t) => {
  const run = start(t);
  await until(run, 'checkout');
  t.regex(run.raw, /\x1b\[[0-9;]*38;5;38m/);
});

test.serial('a console without an alternate screen is cleared at the end, others keep what was there', async (t) => {
  for (const [term, cleared] of [
    ['linux', true],
    ['xterm-256color', false],
  ] as const) {
    const run = start(t, '', { TERM: term });
    await until(run, 'checkout');
    run.pty.write('q');
    await run.exit;
    t.is(run.raw.includes(`\x1b[H\x1b[J${RESTORE}`), cleared, term);
  }
});

test.serial('NO_COLOR leaves no colour', async (t) => {
  const run = start(t, '', { NO_COLOR: '1' });
  await until(run, 'checkout');
  t.notRegex(run.raw, /\x1b\[[0-9;]*[34]8;5;|\x1b\[[0-9;]*3[0-7]m/);
});

test.serial('a resize of the window is followed', async (t) => {
  const run = start(t);
  await until(run, 'checkout');
  run.term.resize(140, 45);
  for (let columns = 101; columns <= 140; columns++) run.pty.resize(columns, 45);
  t.regex(await until(run, /^(.*\n){44}.*q Quit/), /─{140}/);
});

for (const [how, stop] of [
  ['Ctrl-Z', ({ pty }: Run) => pty.write('\x1a')],
  ['SIGTSTP', ({ pty }: Run) => process.kill(pty.pid, 'SIGTSTP')],
] as const)
  test.serial(`${how} gives the terminal to the shell, SIGCONT takes it back`, async (t) => {
    const run = start(t);
    await until(run, 'checkout');
    stop(run);
    await stopped(run.pty.pid);
    await until(run, /^\s*$/);
    t.is(run.term.buffer.active.type, 'normal');
    process.kill(run.pty.pid, 'SIGCONT');
    await until(run, 'checkout');
    t.is(run.term.buffer.active.type, 'alternate');
  });

test.serial('after Ctrl-Z nothing is painted before the screen is ours again, so the shell finds its own below', async (t) => {
  const run = start(t);
  await until(run, 'checkout');
  run.pty.write('/check\rvalid\r');
  await until(run, 'LIVE');
  for (let time = 0; time < 3; time++) {
    run.pty.write('\x1a');
    await stopped(run.pty.pid);
    await until(run, /^\s*$/);
    // A frame of the data that came last is due while the process stands still.
    await new Promise((resolve) => setTimeout(resolve, 150));
    process.kill(run.pty.pid, 'SIGCONT');
    await until(run, 'LIVE');
  }
  run.pty.write('\x03');
  await until(run, 'once more');
  run.pty.write('\x03');
  await run.exit;
  await settled(run);
  t.is(run.term.buffer.active.type, 'normal');
  t.regex(screenOf(run.term), /^\s*$/);
});

test.serial('a terminal that stops taking output does not stall the program', async (t) => {
  const run = start(t);
  run.pty.write('/check\rvalid\r');
  await until(run, 'LIVE');
  run.pty.pause();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const { longestGapMs } = JSON.parse(readFileSync(run.reportPath, 'utf8')) as { longestGapMs: number };
  run.pty.resume();
  await until(run, 'LIVE');
  t.log(`longest stall ${longestGapMs.toFixed(0)} ms`);
  t.true(longestGapMs < 2000, `${longestGapMs} ms`);
});

test.serial('numbers are on the screen within a second of the last key', async (t) => {
  const startedMs = performance.now();
  const run = start(t);
  await until(run, 'coral');
  const paintedMs = performance.now() - startedMs;
  run.pty.write('/check\rvalid\r');
  const typedMs = performance.now();
  await until(run, /validateCard +\d/);
  t.log(
    `first frame ${paintedMs.toFixed(0)} ms after spawn, numbers ${(performance.now() - typedMs).toFixed(0)} ms after the keys`,
  );
  t.pass();
});
