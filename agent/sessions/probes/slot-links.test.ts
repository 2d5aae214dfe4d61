import { constants } from 'node:os';
import test from 'ava';
import type { KernelSession } from '../../kernel/kernel.js';
import { KernelError } from '../../kernel/kernel-error.js';
import type { NumberedSlot } from './arm-part.js';
import { SlotLinks } from './slot-links.js';

/** Two slots of one process, each with an entry and a return. */
const numbers = [0, 1].map((number) => {
  const site = (role: string) => ({ site: { offset: 0, role, jbe: false }, owner: 'thread' });
  const slot = { program: 'timed', sites: [site('entry'), site('return')], mapped: { pid: 7, armPath: '/held' }, plan: {} };
  return { slot, number, firstSite: 2 * number, generation: 0 } as unknown as NumberedSlot;
});

test('a process that ends before its probes are switched is no fault: they stay off', (t) => {
  let [links, errno] = [0, 0];
  const session = {
    arm() {
      if (errno !== 0) throw new KernelError('linking', errno);
      return { link: ++links, refused: [] };
    },
    disarm() {},
    setTiming() {},
  } as unknown as KernelSession;
  const slots = new SlotLinks({ session, numbers, setKnobs() {}, isRetired: () => false });
  slots.arm(numbers);
  t.is(slots.all.length, 1);
  errno = constants.errno.ESRCH;
  slots.isolate([[0]], true);
  slots.switch([[{ slot: 0, entries: true, returns: true }]]);
  t.deepEqual(slots.all, []);
  t.is(slots.arm(numbers).size, 0);
  t.deepEqual(slots.all, []);
  errno = constants.errno.EINVAL;
  t.throws(() => slots.switch([[{ slot: 0, entries: true, returns: true }]]), { instanceOf: KernelError });
});

test('slots that share their links again, and then do not, are armed once each', (t) => {
  const on = new Map<number, number[]>();
  const session = {
    arm: (_pid: number, _path: string, _program: string, sites: { site: number }[]) => {
      const link = on.size + 1;
      on.set(
        link,
        sites.map(({ site }) => site),
      );
      return { link, refused: [] };
    },
    disarm(...links: number[]) {
      for (const link of links) on.set(link, []);
    },
    setTiming() {},
  } as unknown as KernelSession;
  const armed = (): number[] => [...on.values()].flat().toSorted();
  const slots = new SlotLinks({ session, numbers, setKnobs() {}, isRetired: () => false });
  slots.arm(numbers);
  slots.isolate([[0, 1]], true);
  const all = [0, 1].map((slot) => ({ slot, entries: true, returns: true }));
  slots.switch([all]);
  t.deepEqual(armed(), [0, 1, 2, 3]);
  slots.share([0, 1]);
  slots.isolate([[1]], true);
  t.deepEqual(armed(), [0, 1, 2]);
  slots.switch([[all[1]!]]);
  t.deepEqual(armed(), [0, 1, 2, 3]);
});
