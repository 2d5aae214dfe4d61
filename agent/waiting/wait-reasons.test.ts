import test from 'ava';
import { waitReasons } from './wait-reasons.js';

test('numbers are those of the release', (t) => {
  t.is(waitReasons('go1.26.8')[14], 'sleep');
  t.is(waitReasons('go1.26.8')[22], 'mutex');
  t.is(waitReasons('go1.22.12')[19], 'sleep');
  t.is(waitReasons('go1.19.13').length, 27);
});

test('a newer or unknown version is read with the newest table', (t) => {
  t.deepEqual(waitReasons('go1.31'), waitReasons('go1.26'));
  t.deepEqual(waitReasons(''), waitReasons('go1.26'));
});
