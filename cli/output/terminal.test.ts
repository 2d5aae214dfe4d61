import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { withoutControls } from './terminal.js';

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

test('no name from outside moves the cursor or asks the terminal, and JSON means what it meant', (t) => {
  const name = 'pay\u001b]0;owned\u0007\u009b31m\u001b[6n\r\u202e\u0000';
  t.is(
    withoutControls(`lost: ${name}\n\tnext`),
    'lost: pay\\u001b]0;owned\\u0007\\u009b31m\\u001b[6n\\u000d\\u202e\\u0000\n\tnext',
  );
  t.deepEqual(JSON.parse(withoutControls(`${JSON.stringify({ name })}\n`)), { name });
  t.is(withoutControls('grüße, 世界 👍'), 'grüße, 世界 👍');
});
