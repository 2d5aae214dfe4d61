import test from 'ava';
import { fitting } from './table-printer.js';

const LINES = ['FUNCTION  CALLS', 'a', 'b', 'c', 'd', 'probes: 1 %'];

test('a table that fits is shown whole, each line cut at the edge', (t) => {
  t.deepEqual(fitting(LINES, { columns: 80, rows: 8 }), LINES);
  t.deepEqual(fitting(['0123456789'], { columns: 8, rows: 7 }), ['0123456']);
});

test('on a lower screen rows are left out, so that the table can be written over itself; its last line stays', (t) => {
  t.deepEqual(fitting(LINES, { columns: 80, rows: 6 }), ['FUNCTION  CALLS', 'a', 'b', 'probes: 1 %']);
  t.deepEqual(fitting(LINES, { columns: 80, rows: 1 }), ['FUNCTION  CALLS', 'probes: 1 %']);
});
