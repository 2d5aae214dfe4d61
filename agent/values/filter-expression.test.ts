import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { allOf, type Filter, parseFilter } from './filter-expression.js';

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

test('a filter that multiplies, nests or goes on without end is refused', (t) => {
  const refusal = (source: string) => t.throws(() => parseFilter(source), { instanceOf: CoralError });
  t.is(refusal(Array.from({ length: 30 }, (_, i) => `(a${i} == 1 || b${i} == 1)`).join(' && ')).code, 'UNSUPPORTED');
  t.regex(refusal(`${'('.repeat(1000)}a == 1${')'.repeat(1000)}`).message, /at most 64 parentheses may be open/);
  t.regex(refusal('!'.repeat(5000)).message, /has 5000 characters; at most 4096 are read/);
  t.is(shape(`${'!'.repeat(4000)}a == 1`), 'a==number:1');
  t.is(shape(`${'(a == 1) && '.repeat(80)}a == 1`).length, 'a==number:1 & '.length * 81 - 3);
  const many: Filter[] = Array.from({ length: 30 }, () => parseFilter('a == 1 || b == 2'));
  t.throws(() => allOf(many), { instanceOf: CoralError, message: /more than 256 alternatives/ });
});

test('numbers and durations of any length are read', (t) => {
  t.is(shape(`n == ${'9'.repeat(30)}`), `n==number:${'9'.repeat(30)}`);
  t.notThrows(() => parseFilter(`duration > ${'9'.repeat(400)}h`));
});
