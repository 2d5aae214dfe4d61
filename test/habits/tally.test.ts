import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { ROOT } from '../targets/build-targets.js';

type Report = (outcome: string, title: string) => void;
type Reader = (report: Report) => (line: string) => void;
const part = (name: string) => import(pathToFileURL(join(ROOT, 'setup', name)).href);

async function results(file: string, reader: string, lines: string[]): Promise<string[]> {
  const found: string[] = [];
  const read = ((await part(file)) as Record<string, Reader>)[reader]?.((outcome, title) => found.push(`${outcome} ${title}`));
  for (const line of lines) read?.(line);
  return found;
}

test('TAP results are counted, directives are skips, diagnostics are not results', async (t) => {
  const lines = [
    'TAP version 13',
    'ok 1 - works',
    '    # log',
    'not ok 2 - breaks',
    '  ---',
    'ok 3 - later # SKIP',
    '1..3',
    '# pass 1',
  ];
  t.deepEqual(await results('tap-reader.mjs', 'tapReader', lines), ['passed works', 'failed breaks', 'skipped later']);
});

test('Go tests are counted at the top level, and a package that does not build has failed', async (t) => {
  const events = [
    { Action: 'pass', Package: 'sdk', Test: 'TestA/case' },
    { Action: 'pass', Package: 'sdk', Test: 'TestA' },
    { Action: 'fail', Package: 'sdk', Test: 'TestB' },
    { Action: 'fail', Package: 'sdk' },
    { Action: 'fail', Package: 'broken' },
    { Action: 'pass', Package: 'empty' },
  ];
  const lines = events.map((event) => JSON.stringify(event));
  t.deepEqual(await results('go-reader.mjs', 'goReader', lines), ['passed sdk TestA', 'failed sdk TestB', 'failed broken']);
});

test('where the kernel is required a skipped test has failed, and a run without a test too', async (t) => {
  const { newTally, add, closingLine, exitCode } = await part('tally.mjs');
  const strict = newTally(true);
  t.is(exitCode(strict), 1);
  add(strict, 'passed', 'one');
  t.is(exitCode(strict), 0);
  add(strict, 'skipped', 'two');
  t.regex(closingLine(strict), /1 passed, 1 failed$/);
  t.is(exitCode(strict), 1);
});
