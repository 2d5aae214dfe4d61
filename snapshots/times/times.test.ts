import test from 'ava';
import { nsToRfc3339, nsToTimestamp, rfc3339ToNs, rfc3339ToTimestamp, timestampToNs, timestampToRfc3339 } from './times.js';

test('Every nanosecond survives the three forms', (t) => {
  for (const unixNs of [0n, 1n, -1n, 1_795_420_800_123_456_789n, -62_135_596_800_000_000_000n]) {
    t.is(timestampToNs(nsToTimestamp(unixNs)), unixNs);
    t.is(rfc3339ToNs(nsToRfc3339(unixNs)), unixNs);
  }
});

test('Times are written in UTC with nine digits', (t) => {
  t.is(timestampToRfc3339({ seconds: 1_795_420_800, nanos: 5 }), '2026-11-23T08:00:00.000000005Z');
  t.deepEqual(rfc3339ToTimestamp('2026-11-23T10:00:00.25+02:00'), { seconds: 1_795_420_800, nanos: 250_000_000 });
});

test('What is no time is refused', (t) => {
  for (const text of ['', 'yesterday', '2026-13-01T00:00:00Z', '2026-11-23 08:00:00Z']) {
    t.throws(() => rfc3339ToNs(text), { message: `"${text}" is no RFC 3339 time` });
  }
});
