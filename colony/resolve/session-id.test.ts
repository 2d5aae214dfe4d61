import test from 'ava';
import { newSessionId } from './session-id.js';

test('ids sort by the time they were made, also within a millisecond', (t) => {
  const ids = [newSessionId(1000), newSessionId(1000), newSessionId(1001), newSessionId(5_000_000_000_000)];
  t.deepEqual(ids.toSorted(), ids);
});

test('an id is dbg- and a ULID', (t) => {
  t.regex(newSessionId(), /^dbg-[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
});
