import test from 'ava';
import { inTime } from './in-time.js';

test('work within the limit gives its value and throws its own errors', (t) => {
  t.deepEqual(
    inTime(5000, () => /b/.test('abc')),
    { value: true },
  );
  const error = t.throws(() => inTime(5000, () => decodeURIComponent('%')));
  t.true(error instanceof URIError);
});

test('an expression that would go on for ever is broken off', (t) => {
  const startedMs = performance.now();
  t.is(
    inTime(50, () => /(\w+)+=/.test('a'.repeat(80))),
    undefined,
  );
  t.true(performance.now() - startedMs < 5000);
  t.deepEqual(
    inTime(5000, () => 'goes on'),
    { value: 'goes on' },
  );
});
