import test from 'ava';
import type { DwarfType } from '../dwarf/types.js';
import { planCapture } from './capture-plan.js';
import { REGISTER } from './plan.js';

const LONG: DwarfType = { kind: 'int', name: 'long', size: 8, goKind: 0 };
const parameter = (name: string) => ({ name, type: 0, result: false, artificial: false });

test('parameters of a C++ pack, which all bear its name, are each passed', (t) => {
  const parameters = ['args', 'args', 'after'].map(parameter);
  const { entry } = planCapture({ name: 'f', parameters, returns: -1, types: [LONG] }, 'c');
  t.deepEqual(
    entry.values.map(({ name }) => name),
    ['args', 'args', 'after'],
  );
  t.deepEqual(
    entry.ops.map((op) => op.kind === 'register' && op.reg),
    [REGISTER.di, REGISTER.si, REGISTER.dx],
  );
});
