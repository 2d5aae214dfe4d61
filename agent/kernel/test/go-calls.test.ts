import test from 'ava';
import { openKernel } from '../open-kernel.js';
import { armedSites, findSites } from './sites.js';
import { buildGoTarget, startTarget } from './targets.js';

/** Of Go 1.25 and newer, as in Go up to 1.22; 160 in between. */
const GOID_OFFSET = 152;
const OPTIONS = { slots: 8, sites: 64, stacks: 4096, nodes: 8192, ringBytes: 1 << 20, maxSlow: 10 };

const sum = (column: BigUint64Array) => column.reduce((total, value) => total + value, 0n);

test('calls on eight goroutines are counted and timed to the last one', async (t) => {
  const path = buildGoTarget();
  const target = await startTarget(path);
  const sites = armedSites(findSites(path, ['main.outer', 'main.middle', 'main.work']), 'g_r14');
  const session = openKernel().open(OPTIONS);
  for (let slot = 0; slot < 3; slot++) session.setKnobs(slot, { goidOffset: GOID_OFFSET, sampleRate: 0, slowerThanNs: 0 });
  const { link, refused } = session.arm(target.pid, path, 'timed', sites);
  t.deepEqual(refused, []);
  const truth = await target.exercise('many');
  session.disarm(link);
  const slots = session.readSlots();
  const calls = [truth.outer, truth.middle, truth.work].map((count) => BigInt(count!));
  t.deepEqual([...slots.calls.slice(0, 3)], calls);
  t.deepEqual([...slots.returns.slice(0, 3)], calls);
  t.deepEqual(
    [0, 1, 2].map((slot) => sum(session.histogram(slot))),
    calls,
  );
  t.is(sum(session.losses()), 0n);
  session.close();
  await target.stop();
});
