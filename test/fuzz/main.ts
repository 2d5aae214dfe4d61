/**
 * `npm run fuzz`: two and a quarter million inputs. CORAL_FUZZ_SEED repeats a run, CORAL_FUZZ_INPUTS makes it shorter or longer,
 * CORAL_FUZZ_ONLY names a subject, CORAL_FUZZ_INPUT one input of it.
 */

import { fuzz } from './fuzz.js';
import { watchHangs } from './hang-watch.js';
import type { Subject } from './subject.js';
import { allSubjects } from './subjects.js';

const FULL_INPUTS = 2_000_000;
const { CORAL_FUZZ_SEED, CORAL_FUZZ_INPUTS = FULL_INPUTS, CORAL_FUZZ_ONLY = '', CORAL_FUZZ_INPUT } = process.env;
const seed = Number(CORAL_FUZZ_SEED ?? Date.now() % 2 ** 31);

console.log(`seed ${seed}`);
const subjects = (await allSubjects()).filter(({ name }) => name.includes(CORAL_FUZZ_ONLY));
const watch = watchHangs();
let faults = 0;
for (const subject of subjects) faults += await run(subject);
await watch.stop();
console.log(faults === 0 ? 'no fault' : `${faults} faults; CORAL_FUZZ_SEED=${seed} brings them again`);
process.exitCode = faults === 0 ? 0 : 1;

async function run(subject: Subject): Promise<number> {
  const count = Math.ceil((subject.share * Number(CORAL_FUZZ_INPUTS)) / FULL_INPUTS);
  const [from, inputs] = CORAL_FUZZ_INPUT === undefined ? [0, count] : [Number(CORAL_FUZZ_INPUT), 1];
  const report = await fuzz(subject, seed, from, inputs, watch.began);
  watch.rest();
  const megabytes = Math.round(report.residentBytes / 1e6);
  const figures = `${report.inputs} inputs, ${report.read} read, slowest ${report.slowestMs.toFixed(1)} ms, ${megabytes} MB resident`;
  console.log(`${subject.name}: ${figures}, ${report.faults.length} faults`);
  if (subject.remark !== undefined) console.log(`  ${subject.remark()}`);
  for (const fault of report.faults) console.log(`  ${fault}`);
  return report.faults.length;
}
