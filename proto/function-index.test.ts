import test from 'ava';
import { decodeFunctionIndex, encodeFunctionIndex } from './function-index.js';

const numbers = new Uint32Array(10_000);
const index = {
  names: Array.from(numbers, (_, row) => `main.f${row}`),
  files: ['main.go'],
  file: numbers,
  line: numbers,
  size: numbers,
  inlined: numbers,
  offset: new Float64Array(numbers.length),
};

test('an index comes back as it was', (t) => {
  t.deepEqual(decodeFunctionIndex(encodeFunctionIndex(index)), index);
});

test('one that unpacks to more than an index has is refused before it fills the memory', (t) => {
  t.throws(() => decodeFunctionIndex(encodeFunctionIndex(index), 100_000), { message: /malformed/ });
});
