import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { parseFilter } from './filter-expression.js';

const shape = (source: string): string =>
  parseFilter(source)
    .map((clause) => clause.map(({ name, compare, literal }) => `${name}${compare}${show(literal)}`).join(' & '))
    .join(' | ');

const show = (literal: { kind: string; value?: unknown; ns?: bigint }): string =>
  `${literal.kind}:${String(literal.value ?? literal.ns ?? '')}`;

test('comparisons joined by && are one clause', (t) => {
  t.is(shape('userID == "u_12345" && amount > 100'), 'userID==string:u_12345 & amount>number:100');
});

test('|| makes a clause each, && over it distributes', (t) => {
  t.is(shape('(a == 1 || b == 2) && c != nil'), 'a==number:1 & c!=nil: | b==number:2 & c!=nil:');
});

test('a negation goes down to the comparisons', (t) => {
  t.is(shape('!(a < 1 && b >= 2)'), 'a>=number:1 | b<number:2');
});

test("the RFD's name=value is a comparison with text", (t) => {
  t.is(shape('user_id=u_1'), 'user_id==string:u_1');
});

test('durations carry their unit, fields go one level in', (t) => {
  t.is(shape('duration > 1.5ms'), 'duration>duration:1500000');
  t.is(shape('order.Amount<=-3'), 'order.Amount<=number:-3');
});

test('a fault names the character', (t) => {
  const error = t.throws(() => parseFilter('amount >'), { instanceOf: CoralError });
  t.is(error.code, 'USAGE');
  t.is(error.message, "--filter 'amount >': expected a value at character 9");
  t.throws(() => parseFilter('a == 1 b == 2'), { message: /expected && or \|\| at character 8/ });
  t.throws(() => parseFilter('a == $'), { message: /unexpected character at character 6/ });
});
