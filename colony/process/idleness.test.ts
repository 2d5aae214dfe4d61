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
