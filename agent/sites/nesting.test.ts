import test from 'ava';
import { mayNest, staysInside } from './nesting.js';

const nests = (row: number, calls: Record<number, number[] | null>): boolean =>
  mayNest(row, (each) => (each in calls ? (calls[each] as number[] | null) : []));

test('a function may nest when calls lead back to it, directly or not', (t) => {
  t.false(nests(1, { 1: [2, 3], 2: [3] }));
  t.true(nests(1, { 1: [1] }));
  t.true(nests(1, { 1: [2], 2: [3], 3: [1] }));
  t.false(nests(1, { 1: [2], 2: [2] }), 'what it calls may, it itself does not');
});

test('what nobody can tell counts as may', (t) => {
  t.true(nests(1, { 1: null }));
  t.true(nests(1, { 1: [2], 2: null }));
  t.true(
    mayNest(0, (row) => [row + 1]),
    'too many to follow',
  );
});

test('a function stays inside when all that it calls does', (t) => {
  const stays = (row: number, calls: Record<number, number[] | null>): boolean =>
    staysInside(row, (each) => (each in calls ? (calls[each] as number[] | null) : []));
  t.true(stays(1, {}));
  t.true(stays(1, { 1: [2, 3], 2: [3, 1] }));
  t.false(stays(1, { 1: null }));
  t.false(stays(1, { 1: [2], 2: [3], 3: null }));
  t.false(
    staysInside(0, (row) => [row + 1]),
    'too many to follow',
  );
});
