import test from 'ava';
import { formatTable } from './table.js';

test('columns are as wide as their cells, without blanks at line ends', (t) => {
  const table = formatTable(
    [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'PLACE' }],
    [
      ['main.pay', '12', 'pay.go:3'],
      ['f', '7', ''],
    ],
  );
  t.is(table, 'NAME      SIZE  PLACE\nmain.pay    12  pay.go:3\nf            7\n');
});

test('wide characters take two columns, marks none', (t) => {
  const rows = [
    ['main.計算', '1'],
    ['🚀e\u0301', '2'],
  ];
  t.is(formatTable([{ title: 'NAME' }, { title: 'N' }], rows), 'NAME       N\nmain.計算  1\n🚀e\u0301        2\n');
});

test('a cell of any length moves its own line alone', (t) => {
  const [title, long, short] = formatTable(
    [{ title: 'NAME' }, { title: 'SIZE' }],
    [
      ['x'.repeat(5000), '1'],
      ['y', '2'],
    ],
  ).split('\n');
  t.is(long, `${'x'.repeat(5000)}  1`);
  t.is(short, `y${' '.repeat(71)}  2`);
  t.true(title!.length < 80);
});
