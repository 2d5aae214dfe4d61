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
  errno = constants.errno.EINVAL;
  t.throws(() => slots.switch([[{ slot: 0, entries: true, returns: true }]]), { instanceOf: KernelError });
});
