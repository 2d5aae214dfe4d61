/** Functions with a body a kind of processor, of which a resolver picks one when the program starts. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { buildWith } from './go-target.js';
import { rowsOf, startPair } from './real-pair.js';

const SOURCE = 'values/picked.c';
const FLAGS = ['-O1', '-fno-builtin'];
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

test.serial('of a C library they count as the program called them', async (t) => {
  await checkCounts(t, buildWith('gcc', SOURCE, FLAGS, '-shared-libc'), 'libc.so.6:');
});

test.serial('so do those of a program that has the C library in it', async (t) => {
  await checkCounts(t, buildWith('gcc', SOURCE, [...FLAGS, '-static'], '-static'), '');
});

test.serial('where no symbol names the bodies, their call frame information tells how long they are', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'coral-nameless-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const sections = ['.note.gnu.build-id', '.gnu_debuglink'].flatMap((name) => ['--remove-section', name]);
  execFileSync('objcopy', [...sections, LIBC, join(folder, 'libc.so.6')]);
  await checkCounts(t, buildWith('gcc', SOURCE, [...FLAGS, `-Wl,-rpath,${folder}`], `-${process.pid}`), 'libc.so.6:');
});

test.serial('one that is not in the library, but the kernel’s own, is refused', async (t) => {
  const target = await startTarget(buildWith('gcc', SOURCE, FLAGS, '-shared-libc'));
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  const { refused } = await pair.open('dbg-clock', { pids: [target.pid], functions: ['libc.so.6:time', 'libc.so.6:strlen'] });
  t.deepEqual(
    refused.map(({ function: name, code }) => [name, code]),
    [['time', 'IFUNC']],
  );
  await pair.close('dbg-clock');
});

async function checkCounts(t: ExecutionContext, program: string, prefix: string): Promise<void> {
  const target = await startTarget(program);
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  const functions = ['strlen', 'memmove', 'mempcpy'];
  const armed = await pair.open('dbg-picked', { pids: [target.pid], functions: functions.map((name) => prefix + name) });
  t.deepEqual(armed.refused, []);
  const truth = await target.exercise('work');
  const { tick } = await pair.close('dbg-picked');
  const rows = rowsOf(tick, armed);
  for (const name of functions) t.like(rows[`${name} ${target.pid}`], { calls: truth[name]!, inFlight: 0, unwound: 0 }, name);
}
