import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import test from 'ava';

const TERMINAL = new URL('./terminal.js', import.meta.url).href;
const BYTES = 1_000_000;
const PROGRAM = `
  const { flushed, openOutput } = await import('${TERMINAL}');
  openOutput({ noColor: true }, () => undefined).write('x'.repeat(${BYTES}));
  await flushed();
  process.exit(0);
`;

const start = () => spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });

test('all of a long output reaches a reader at the other end of a pipe before the exit', async (t) => {
  t.is((await text(start().stdout)).length, BYTES);
});

test('a reader that went away does not hold up the exit', async (t) => {
  const child = start();
  child.stdout.destroy();
  t.is(await new Promise((resolve) => child.once('exit', resolve)), 0);
});
