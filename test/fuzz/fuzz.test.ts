import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { type FuzzReport, fuzz } from './fuzz.js';
import { randomOf } from './random.js';
import { allSubjects } from './subjects.js';

/** Of a run of two million inputs; `npm run fuzz` does them all. */
const ONE_IN = 1000;
/** Fewer may all be read: some one in twenty is refused. */
const FEWEST = 200;

test('damaged programs and documents are read or refused by name, and sites in senseless code are instructions', async (t) => {
  const seed = Number(process.env.CORAL_FUZZ_SEED ?? Date.now() % 2 ** 31);
  for (const subject of await allSubjects()) {
    const report: FuzzReport = await fuzz(subject, seed, 0, Math.max(FEWEST, Math.ceil(subject.share / ONE_IN)), () => undefined);
    t.deepEqual(report.faults, [], `${report.name}, seed ${seed}`);
    t.true(report.read > 0, `${report.name}: some inputs are read`);
    t.true(report.read < report.inputs, `${report.name}: some are refused`);
  }
});

test('an input comes again from the seed and its index', (t) => {
  const numbers = (seed: number, index: number) => Array.from({ length: 5 }, () => randomOf(seed, index).int(1000));
  t.deepEqual(numbers(7, 3), numbers(7, 3));
  t.notDeepEqual(numbers(7, 3), numbers(7, 4));
  t.notDeepEqual(numbers(7, 3), numbers(8, 3));
});

test('what is no error of the catalogue is a fault, and so is a site that objdump does not see', async (t) => {
  const broken = { name: 'broken', share: 1, attempt: () => JSON.parse('{') as boolean };
  t.regex((await fuzz(broken, 1, 0, 1, () => undefined)).faults[0] ?? '', /input 0: SyntaxError/);
  const settling = { name: 'settling', share: 1, attempt: () => true, settle: async () => ['off the boundary'] };
  t.deepEqual((await fuzz(settling, 1, 0, 1, () => undefined)).faults, ['off the boundary']);
});

test('an input that does not end is named, and the process killed', async (t) => {
  const watch = new URL('./hang-watch.js', import.meta.url).href;
  const program = `const { watchHangs } = await import('${watch}'); const watch = watchHangs(500); watch.began(7); for (;;);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'pipe'] });
  const words = text(child.stderr);
  const [, signal] = await once(child, 'exit');
  t.is(signal, 'SIGKILL');
  t.regex(await words, /^input 7 does not end \(\d+ ms of processor time/);
});
