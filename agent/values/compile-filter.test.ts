import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import type { FunctionCapture } from './capture-plan.js';
import { compileFilter } from './compile-filter.js';
import { parseFilter } from './filter-expression.js';

const number = (name: string, kind: 'int' | 'uint', size = 8) => ({ name, type: kind, recipe: { kind, at: 0, size, ops: [0] } });
const capture = {
  entry: {
    ops: [],
    values: [
      number('n', 'int'),
      number('u', 'uint'),
      number('wide', 'int', 16),
      number('uwide', 'uint', 16),
      number('byte', 'uint', 1),
      number('small', 'int', 2),
    ],
  },
  return: { ops: [], values: [] },
} as unknown as FunctionCapture;

const compile = (source: string) => compileFilter([parseFilter(source)], capture);

test('numbers that the kernel cannot hold are refused, not compared as others', (t) => {
  t.is(compile('n == -9223372036854775808').predicates[0]?.value, -(2n ** 63n));
  t.is(compile('u == 18446744073709551615').predicates[0]?.value, 2n ** 64n - 1n);
  for (const source of ['n > 9223372036854775808', 'u > -1', 'u < 18446744073709551616', `duration > ${'9'.repeat(30)}h`]) {
    t.throws(() => compile(source), { instanceOf: CoralError, message: /the value lies between/ }, source);
  }
  for (const source of ['byte > 256', 'byte == -1', 'small < -32769', 'small == 32768']) {
    t.throws(
      () => compile(source),
      { instanceOf: CoralError, message: /the value lies between (0 and 255|-32768 and 32767),/ },
      source,
    );
  }
  for (const source of ['byte >= 255', 'small > -32768']) t.is(compile(source).predicates.length, 1, source);
  for (const source of ['wide == 7', 'wide > 100', 'uwide != 0']) {
    t.throws(() => compile(source), { instanceOf: CoralError, message: /the value has 16 bytes, and 8 at most/ }, source);
  }
});
