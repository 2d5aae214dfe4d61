import test from 'ava';
import type { FunctionTypes } from '../dwarf/types.js';
import { withDictionary } from './go-dictionary.js';

const INT = { kind: 'int', name: 'int', size: 8, goKind: 2 } as const;
const named = (name: string, parameters: string[]): FunctionTypes => ({
  name,
  parameters: parameters.map((each) => ({ name: each, type: 0, result: false, artificial: false })),
  returns: -1,
  types: [INT],
});
const parametersOf = (name: string, parameters: string[]): string[] =>
  withDictionary(named(name, parameters)).parameters.map((parameter) => parameter.name);

test('the dictionary is a generic function’s first parameter and a method’s second', (t) => {
  t.deepEqual(parametersOf('main.Sum[go.shape.[]int]', ['xs']), ['.dict', 'xs']);
  t.deepEqual(parametersOf('main.(*Pair[go.shape.string,go.shape.int]).Set', ['p', 'k']), ['p', '.dict', 'k']);
  t.deepEqual(parametersOf('main.Pair[go.shape.struct { X int }].Get', ['p']), ['p', '.dict']);
});

test('until Go 1.19 it is the first of a method too', (t) => {
  t.deepEqual(parametersOf('main.(*Pair[go.shape.string_0,go.shape.int_1]).Set', ['p', 'k']), ['.dict', 'p', 'k']);
});

test('closures, wrappers and functions that are not generic have none; one that is described is not added again', (t) => {
  t.deepEqual(parametersOf('main.Sum[go.shape.int].func1', ['x']), ['x']);
  t.deepEqual(parametersOf('main.(*Pair[go.shape.int]).Set.func1', ['x']), ['x']);
  t.deepEqual(parametersOf('main.Sum[go.shape.int]-range1', ['x']), ['x']);
  t.deepEqual(parametersOf('main.Sum[go.shape.int].gowrap2', []), []);
  t.deepEqual(parametersOf('main.(*Pair[string,int]).Set', ['p', 'k']), ['p', 'k']);
  t.deepEqual(parametersOf('main.Plain', ['k']), ['k']);
  t.deepEqual(parametersOf('main.(*Pair[go.shape.int]).Set', ['p', '.dict', 'k']), ['p', '.dict', 'k']);
});
