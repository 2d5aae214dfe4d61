/**
 * `npm run test:corpus`: every program and library of the machine, in batches. Arguments: files or folders instead.
 * CORAL_CORPUS_FUNCTIONS: at most so many functions a file. Prints rates and reasons; fails when any site is wrong.
 */

import { statSync } from 'node:fs';
import { checkFile, type FileReport } from './check-file.js';
import { elfFiles, PLACES } from './elf-files.js';

const LIMIT = Number(process.env.CORAL_CORPUS_FUNCTIONS ?? Number.POSITIVE_INFINITY);
/** Lines of progress, and reasons shown. */
const FILES_A_LINE = 100;
const MAX_REASONS = 20;

const args = process.argv.slice(2);
const files =
  args.length === 0 ? elfFiles(PLACES) : args.flatMap((path) => (statSync(path).isDirectory() ? elfFiles([path]) : [path]));
const total: FileReport = { path: '', functions: 0, accepted: 0, timed: 0, sites: 0, reasons: new Map(), faults: [] };

for (const [index, path] of files.entries()) {
  add(await checkFile(path, LIMIT));
  if ((index + 1) % FILES_A_LINE === 0)
    console.log(`${index + 1} of ${files.length} files, ${total.sites} sites, ${total.faults.length} wrong`);
}
print();
process.exitCode = total.faults.length === 0 ? 0 : 1;

function add(report: FileReport): void {
  for (const fault of report.faults) console.log(`WRONG ${fault}`);
  for (const key of ['functions', 'accepted', 'timed', 'sites'] as const) total[key] += report[key];
  for (const [reason, count] of report.reasons) total.reasons.set(reason, (total.reasons.get(reason) ?? 0) + count);
  total.faults.push(...report.faults);
}

function print(): void {
  const share = (part: number): string => `${((100 * part) / Math.max(1, total.functions)).toFixed(2)} %`;
  console.log(`files      ${files.length}`);
  console.log(`functions  ${total.functions}${Number.isFinite(LIMIT) ? ` (at most ${LIMIT} a file)` : ''}`);
  console.log(`accepted   ${total.accepted}  ${share(total.accepted)}`);
  console.log(`timed      ${total.timed}  ${share(total.timed)}`);
  console.log(`sites      ${total.sites}, not on a boundary by objdump: ${total.faults.length}`);
  const reasons = [...total.reasons].sort((a, b) => b[1] - a[1]).slice(0, MAX_REASONS);
  for (const [reason, count] of reasons) console.log(`${String(count).padStart(9)}  ${share(count).padStart(8)}  ${reason}`);
}
