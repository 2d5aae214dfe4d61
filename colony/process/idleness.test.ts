import test from 'ava';
import { Idleness } from './idleness.js';

test('a stream that ends after the close starts no clock', async (t) => {
  const idleness = new Idleness(() => false, 0);
  const leave = idleness.enter();
  idleness.close();
  leave();
  const later = new Promise((resolve) => setTimeout(resolve, 20, 'nothing'));
  t.is(await Promise.race([idleness.reached, later]), 'nothing');
});

test('once nobody has needed it for its time, no call begins any more', async (t) => {
  const idleness = new Idleness(() => false, 0);
  await idleness.reached;
  t.throws(() => idleness.touch(), { code: 'COLONY_UNREACHABLE' });
  t.throws(() => idleness.enter(), { code: 'COLONY_UNREACHABLE' });
});

test('a session that is open keeps it', async (t) => {
  let busy = true;
  const idleness = new Idleness(() => busy, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.notThrows(() => idleness.touch());
  busy = false;
  t.is(await idleness.reached, 'nobody has needed it for 1 ms');
});
