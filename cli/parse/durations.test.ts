import test from 'ava';
import { parseDurationNs } from './durations.js';

for (const [text, ns] of [
  ['500ms', 5e8],
  ['10s', 1e10],
  ['2m', 12e10],
  ['1m30s', 9e10],
  ['1.5s', 15e8],
  ['.5s', 5e8],
  ['1h', 36e11],
  ['250us', 25e4],
  ['250µs', 25e4],
  ['7ns', 7],
] as const) {
  test(`${text} is ${ns} ns`, (t) => {
    t.is(parseDurationNs(text), ns);
  });
}

for (const text of ['', '10', 's', '-1s', '0s', '1 s', '1d', '1e3s', '10s ', '.s', 'Infinitys', '99999999h']) {
  test(`"${text}" is no duration`, (t) => {
    t.is(parseDurationNs(text), undefined);
  });
}
