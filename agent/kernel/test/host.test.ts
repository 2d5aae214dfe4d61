import test from 'ava';
import { openKernel } from '../open-kernel.js';

const kernel = openKernel();

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

test("another process's memory is read, and an unmapped page is null, as is all of a process that is gone", (t) => {
  t.is(kernel.readMemory(process.pid, 0n, 8), null);
  t.is(kernel.readMemory(2 ** 22 - 1, 4096n, 8), null);
});
