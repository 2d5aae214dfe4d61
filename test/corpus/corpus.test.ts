import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { buildTarget, ROOT } from '../targets/build-targets.js';
import { cBuild, cppBuild, goBuild, rustBuild } from '../targets/builds.js';
import { checkFile } from './check-file.js';

/** A fixed sample; `npm run test:corpus` takes all files of the machine. */
const FUNCTIONS_A_FILE = 250;
const SAMPLE = [
  process.execPath,
  '/bin/bash',
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libstdc++.so.6',
  '/lib/x86_64-linux-gnu/libcrypto.so.3',
  '/usr/local/go/bin/go',
  '/usr/local/go/bin/gofmt',
  '/usr/sbin/nginx',
  join(ROOT, 'node_modules/@esbuild/linux-x64/bin/esbuild'),
];

test('every accepted site of a sample of this machine’s programs is an instruction for a second decoder too', async (t) => {
  const present = SAMPLE.filter((path) => existsSync(path));
  t.true(present.length >= 5, present.join(' '));
  for (const path of present) {
    const report = await checkFile(path, FUNCTIONS_A_FILE);
    t.deepEqual(report.faults, [], path);
    t.true(report.accepted > 0.95 * report.functions, `${path}: ${report.accepted} of ${report.functions}`);
  }
});

/** Refusals that our C program has a function for. */
const MEANT_TO_BE = new Set(['IFUNC', 'UNPROBEABLE_INSTRUCTION']);

test('every accepted site of our own targets is an instruction for a second decoder too', async (t) => {
  for (const build of [goBuild('stripped'), cBuild('O2'), cppBuild('O2'), rustBuild('release')]) {
    const report = await checkFile(await buildTarget(build), FUNCTIONS_A_FILE);
    t.deepEqual(report.faults, [], build.name);
    t.true(report.sites > 0, build.name);
    const refusals = [...report.reasons.keys()].filter((reason) => /^[A-Z_]+$/.test(reason) && !MEANT_TO_BE.has(reason));
    if (!build.name.includes('go')) t.deepEqual(refusals, [], `${build.name}: also _init and _fini are read to their ends`);
  }
});

test('a site inside of an instruction would be found', async (t) => {
  const { boundariesOf } = await import('./second-decoder.js');
  const code = Uint8Array.of(0xf3, 0x0f, 0x1e, 0xfa, 0x55, 0x48, 0x89, 0xe5, 0xc3); // endbr64; push rbp; mov rbp, rsp; ret
  const boundaries = await boundariesOf([code, code]);
  for (const stretch of [0, 1]) {
    t.true(boundaries.has(stretch, 4, 1));
    t.true(boundaries.has(stretch, 8, 1));
    t.false(boundaries.has(stretch, 6, 2));
    t.false(boundaries.has(stretch, 5, 2));
    t.false(boundaries.has(stretch, 4, 4));
  }
});

test('behind an instruction that the second decoder does not know it has no say', async (t) => {
  const { boundariesOf } = await import('./second-decoder.js');
  const code = Uint8Array.of(0x55, 0xc4, 0x62, 0x7c, 0xd3, 0xc4, 0xc3); // push rbp; vpdpwuuds ymm8, ymm0, ymm4; ret
  const boundaries = await boundariesOf([code]);
  t.false(boundaries.isLostBefore(0, 1));
  t.true(boundaries.has(0, 0, 1));
  t.true(boundaries.isLostBefore(0, 7) || boundaries.has(0, 6, 1));
});
