import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { openKernel } from '../open-kernel.js';

const kernel = openKernel();
/** Of unistd_64.h. */
const CLOCK_NANOSLEEP = '230';

test('every ability that coral needs is found by trying it', (t) => {
  const features = kernel.features();
  t.deepEqual(
    features.filter((feature) => !feature.ok),
    [],
  );
  t.true(features.length > 10);
});

test('a hit costs less where the instruction is emulated, and a pair costs both', (t) => {
  // Other work of the machine may disturb every batch of one kind: not five times, unless the kinds are mixed up.
  const calibrations = Array.from({ length: 5 }, () => kernel.calibrate());
  t.true(calibrations.every(({ emulatedHitNs }) => emulatedHitNs > 50 && emulatedHitNs < 100_000));
  const ordered = calibrations.filter((each) => each.emulatedHitNs < each.steppedHitNs && each.steppedHitNs < each.returnPairNs);
  t.not(ordered.length, 0, JSON.stringify(calibrations));
});

test('the boot clock is the one of the records', (t) => {
  const uptimeNs = process.hrtime.bigint();
  t.true(kernel.bootNs() >= uptimeNs);
});

test("a process's processor time holds that of its ended threads, and there is none of a process that is gone", async (t) => {
  const program = `
    const { Worker } = require('node:worker_threads');
    const busy = 'const until = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < until);';
    new Worker(busy, { eval: true }).once('exit', () => console.log(process.cpuUsage().user + process.cpuUsage().system));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', program]);
  t.teardown(() => child.kill());
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const truthNs = Number(said) * 1000;
  const measuredNs = kernel.processCpuNs(child.pid!)!;
  t.true(truthNs > 2e8 && measuredNs > truthNs - 1e7 && measuredNs < truthNs + 1e8, `${measuredNs} of ${truthNs} ns`);
  t.is(kernel.processCpuNs(2 ** 22 - 1), null);
});

test("another process's memory is read, and an unmapped page is null, as is all of a process that is gone", (t) => {
  t.is(kernel.readMemory(process.pid, 0n, 8), null);
  t.is(kernel.readMemory(2 ** 22 - 1, 4096n, 8), null);
});

test('where threads stand that wait is known, thread by thread, and nothing of a process that is gone', async (t) => {
  const child = spawn('sleep', ['1000']);
  const pid = child.pid!;
  const systemCall = (): string[] => readFileSync(`/proc/${pid}/syscall`, 'utf8').trim().split(' ');
  while (systemCall()[0] !== CLOCK_NANOSLEEP) await setTimeout(10);
  const parked = kernel.parkedThreads(pid);
  t.deepEqual([...parked!.thread], [pid]);
  t.deepEqual(kernel.parkedThreads(pid, pid), parked);
  t.deepEqual([parked!.sp[0], parked!.ip[0]], systemCall().slice(-2).map(BigInt));
  child.kill();
  await once(child, 'exit');
  t.is(kernel.parkedThreads(pid)!.thread.length, 0);
});
