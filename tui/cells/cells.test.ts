import test from 'ava';
import { DEFAULT_ATTR } from './attr.js';
import { compactText, countText, durationText, exactText, percentText, sizeText } from './format.js';
import { Grid } from './grid.js';
import { cellsBefore, cellText, cutEnd, cutName, cutStart, wrapText } from './text.js';

test('control characters, escapes, bidi overrides and combining marks cannot reach a cell', (t) => {
  const evil = '\x1b]0;owned\x07a\x9bb\u202Eq\u0301d\u200Be\tf\ng\ufe0f\u3099\u3164\u1160👍🏽🇩🇪\ud83d漢';
  t.is(cellText(evil), '·]0;owned·a·b?q?d?e f g????👍????漢\0');
  for (const text of [evil, cellText(evil)]) {
    const grid = new Grid(60, 1);
    grid.text(0, 0, text, DEFAULT_ATTR);
    t.regex(grid.line(0), /^([ -~·?]|👍|漢)*$/);
  }
});

test('letters with marks of their own take one cell', (t) => {
  t.is(cellText('e\u0301 u\u0308\u0304 か\u3099'), 'é ǖ が\0');
  t.is(cellsBefore('e\u0301x', 2), 1);
});

test('wide characters take two cells, and a cut leaves no half of one', (t) => {
  const text = cellText('a計算🚀z');
  t.is(text.length, 8);
  t.is(cellsBefore('a計算🚀z', 2), 3);
  const drawn = (shown: string, x = 0): string[] => {
    const grid = new Grid(8, 1);
    grid.text(x, 0, shown, DEFAULT_ATTR);
    return grid.chars;
  };
  t.deepEqual(drawn(text), ['a', '計', '', '算', '', '🚀', '', 'z']);
  t.is(drawn(text, 2).join(''), '  a計算 ');
  t.is(drawn(text, -2).join(''), ' 算🚀z  ');
  t.is(drawn(cutEnd(text, 5)).join(''), 'a計 …   ');
  t.is(drawn(cutEnd(text, 4)).join(''), 'a計…    ');
  t.is(drawn(cutStart(text, 5)).join(''), '… 🚀z   ');
  t.deepEqual(
    [1, 2, 3].map((width) => wrapText(text, width + 2).map((line) => drawn(line).join('').trimEnd())),
    [
      ['a計', '算', '🚀z'],
      ['a計', '算🚀', 'z'],
      ['a計算', '🚀z'],
    ],
  );
});

test('what is written over half of a wide character leaves a blank of the other, a look covers both', (t) => {
  const grid = new Grid(6, 1);
  grid.text(0, 0, cellText('計算🚀'), DEFAULT_ATTR);
  grid.put(1, 0, 'x', DEFAULT_ATTR);
  grid.put(2, 0, 'y', DEFAULT_ATTR);
  t.deepEqual(grid.chars, [' ', 'x', 'y', ' ', '🚀', '']);
  grid.tint(5, 0, 1, 7);
  t.deepEqual([...grid.attrs.slice(3)], [DEFAULT_ATTR, 7, 7]);
  grid.tint(4, 0, 1, 9);
  t.deepEqual([...grid.attrs.slice(3)], [DEFAULT_ATTR, 9, 9]);
});

test('the ascii grid holds nothing but ASCII', (t) => {
  const grid = new Grid(20, 1, true);
  grid.text(0, 0, cellText('1.5µs · … é ▁█ ⠿ 漢🚀'), DEFAULT_ATTR);
  t.regex(grid.line(0), /^[ -~]*$/);
});

test('text is cut at the edge and never wraps', (t) => {
  const grid = new Grid(4, 2);
  t.is(grid.text(2, 0, 'abcdef', DEFAULT_ATTR), 4);
  t.is(grid.line(0), '  ab');
  t.is(grid.line(1), '    ');
});

test('names lose first what distinguishes least', (t) => {
  const name = 'github.com/acme/rules.(*Set[github.com/acme/x.Y]).Validate';
  t.is(cutName(name, 80), name);
  t.is(cutName(name, 45), 'rules.(*Set[github.com/acme/x.Y]).Validate');
  t.is(cutName(name, 36), '(*Set[github.com/acme/x.Y]).Validate');
  t.is(cutName(name, 10), '….Validate');
  t.is(cutName('struct { io.Reader; io.Closer }.Read', 24), '…eader; io.Closer }.Read');
});

test('durations have three digits and their unit', (t) => {
  const texts = [0, 850, 999.6, 1500, 210_000, 18_230_000, 104_000_000, 999_600_000, 1_234_000_000, 59_960_000_000, 123e9];
  t.deepEqual(texts.map(durationText), [
    '0ns',
    '850ns',
    '1.00µs',
    '1.50µs',
    '210µs',
    '18.2ms',
    '104ms',
    '1.00s',
    '1.23s',
    '1m00s',
    '2m03s',
  ]);
  t.is(durationText(undefined), '·');
});

test('counts keep every digit up to nine, rates three', (t) => {
  t.deepEqual([0, 7, 12403, 999_999_999, 1_230_000_000].map(countText), ['·', '7', '12,403', '999,999,999', '1.2G']);
  t.deepEqual([0, 3.44, 9.97, 210, 2512, 18_240, 1.2e6].map(compactText), ['·', '3.4', '10', '210', '2.5k', '18.2k', '1.2M']);
  t.is(exactText(1234567), '1,234,567');
  t.deepEqual([0, 0.01, 1.13, 12.4].map(percentText), ['0%', '<0.1%', '1.1%', '12%']);
  t.deepEqual([412, 1946].map(sizeText), ['412 B', '1.9 KiB']);
});

test('prose breaks between words, and a word that is too long within', (t) => {
  t.deepEqual(wrapText('one two three', 8), ['one two', 'three']);
  t.deepEqual(wrapText('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  t.deepEqual(wrapText('', 4), []);
});
