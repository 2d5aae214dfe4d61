import test from 'ava';
import { formatTable, printable } from './table.js';
import { formatCount, formatDuration, formatRate, formatSpan } from './units.js';

for (const [ns, text] of [
  [0, '0ns'],
  [950, '950ns'],
  [999.6, '1.00us'],
  [12_345, '12.3us'],
  [999_960, '1.00ms'],
  [142_000_000, '142ms'],
  [1_500_000_000, '1.50s'],
  [90e9, '1.50m'],
  ['9007199254740993', '150120m'],
  [undefined, '-'],
] as const) {
  test(`a duration of ${ns} ns is ${text}`, (t) => {
    t.is(formatDuration(ns), text);
  });
}

test('counts are exact, also above 2^53', (t) => {
  t.is(formatCount(999), '999');
  t.is(formatCount(1_234_567), '1,234,567');
  t.is(formatCount('9007199254740993'), '9,007,199,254,740,993');
});

test('rates have three digits, and are whole from 100 on', (t) => {
  t.deepEqual([0, 0.5, 9.996, 12.34, 99.96, 1234.5].map(formatRate), ['0', '0.50', '10.0', '12.3', '100', '1,235']);
});

test('spans', (t) => {
  t.deepEqual([-3, 15, 285, 7500].map(formatSpan), ['0s', '15s', '4m45s', '2h05m']);
});

test('a name cannot move the cursor or turn the line around', (t) => {
  t.is(printable('a\u001b[2Jb\u202ec\n'), 'a\u00b7[2Jb\u00b7c\u00b7');
  t.is(formatTable([{ title: 'N' }], [['\u001b]0;x']]), 'N\n\u00b7]0;x\n');
});
