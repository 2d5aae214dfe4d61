import test from 'ava';
import { withoutRepeats } from './types.js';

const parameter = (name: string, result = false) => ({ name, type: 0, result, artificial: false });

test('A parameter that DWARF repeats counts once, blank ones each', (t) => {
  const given = ['it', '_', '_', '', ''].map((name) => parameter(name));
  const parameters = [...given, parameter('~r0', true), parameter('~r0', true), parameter('~r1', true)];
  t.deepEqual(
    withoutRepeats({ name: 'main.f', parameters, returns: -1, types: [] }).parameters.map(({ name }) => name),
    ['it', '_', '_', '', '', '~r0', '~r1'],
  );
});
