import test from 'ava';
import { asking, KernelError } from './kernel-error.js';

test('the message names the request, the errno and the last lines of the log', (t) => {
  const log = 'processing\n0: r0 = 0\n1: exit\n2: bad\n3: worse\nprocessed 3 insns\n';
  const error = new KernelError('loading coral.bpf.o', 13, log);
  t.is(error.message, 'loading coral.bpf.o: EACCES\n1: exit\n2: bad\n3: worse\nprocessed 3 insns');
  t.is(error.log, log);
});

test('errnos without a name keep their number', (t) => {
  t.is(new KernelError('link', 524).message, 'link: ENOTSUPP');
  t.is(new KernelError('link', 9999).message, 'link: errno 9999');
});

test("the addon's failures become KernelErrors, and mistakes stay what they are", (t) => {
  const native = Object.assign(new Error('reading'), { errno: 1, log: '' });
  t.throws(
    () =>
      asking(() => {
        throw native;
      }),
    { instanceOf: KernelError, message: 'reading: EPERM' },
  );
  t.throws(
    () =>
      asking(() => {
        throw new RangeError('slot 9 of 8');
      }),
    { instanceOf: RangeError },
  );
});
