import test from 'ava';
import type { DwarfType } from '../dwarf/types.js';
import { planCapture } from './capture-plan.js';
import { REGISTER } from './plan.js';

const LONG: DwarfType = { kind: 'int', name: 'long', size: 8, goKind: 0 };
const UNSIGNED: DwarfType = { kind: 'uint', name: 'unsigned', size: 4, goKind: 0 };
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

test('bits of a packed struct are read, though it ends before their storage unit; what lies behind its end is not', (t) => {
  const at = (firstBit: number) => ({ name: `b${firstBit}`, offset: 0, type: 1, firstBit, bits: 3 });
  const packed: DwarfType = { kind: 'struct', name: 'packed', size: 1, goKind: 0, fields: [at(0), at(5), at(6)] };
  const { entry } = planCapture({ name: 'f', parameters: [parameter('p')], returns: -1, types: [packed, UNSIGNED] }, 'c');
  const [value] = entry.values;
  t.deepEqual(value?.recipe.kind === 'struct' && value.recipe.fields.map((field) => field.value.kind), [
    'bit field',
    'bit field',
    'unreadable',
  ]);
});

test('numbers with a point of other widths are said not to be decoded, alone and as parts of complex ones', (t) => {
  const kinds = (type: Partial<DwarfType>) => {
    const pointer: DwarfType = { kind: 'pointer', name: '', size: 8, goKind: 0, target: 1 };
    const types = [pointer, { name: '', size: 0, goKind: 0, kind: 'float' as const, ...type }];
    const { entry } = planCapture({ name: 'f', parameters: [parameter('p')], returns: -1, types }, 'c');
    const [value] = entry.values;
    return value?.recipe.kind === 'pointer' && value.recipe.target?.kind;
  };
  t.deepEqual(
    [2, 4, 8, 16].map((size) => kinds({ size })),
    ['unreadable', 'float', 'float', 'unreadable'],
  );
  t.is(kinds({ size: 16, name: 'long double' }), 'float');
  t.deepEqual(
    [4, 8, 16, 32].map((size) => kinds({ kind: 'complex', size })),
    ['unreadable', 'complex', 'complex', 'unreadable'],
  );
});

test('where Go leaves out a blank parameter, values whose register the compiler does not confirm are not made up', (t) => {
  const placed = (name: string, number: number) => ({
    ...parameter(name),
    place: { in: 'register' as const, number, whole: true },
  });
  const kinds = (...numbers: number[]) => {
    const parameters = [...numbers.map((number, i) => placed(`p${i}`, number)), parameter('last')];
    const { entry } = planCapture({ name: 'f', parameters, returns: -1, types: [LONG] }, 'go');
    return entry.values.map(({ recipe }) => recipe.kind);
  };
  const [ax, bx, cx] = [0, 3, 2];
  t.deepEqual(kinds(ax, bx), ['int', 'int', 'int']);
  t.deepEqual(kinds(ax, cx), ['int', 'unreadable', 'unreadable']);
});

test('what the compiler says is passed by its address is read there, whatever its type', (t) => {
  const array: DwarfType = { kind: 'array', name: '', size: 24, goKind: 0, target: 0, count: 3 };
  const unknown: DwarfType = { kind: 'unknown', name: '', size: 0, goKind: 0 };
  const referred = (name: string, type: number, number: number) => ({
    ...parameter(name),
    type,
    place: { in: 'register' as const, number, whole: false, byReference: true },
  });
  const parameters = [referred('n', 0, 5), referred('x', 1, 4), referred('s', 2, 1), parameter('last')];
  const { entry } = planCapture({ name: 'f', parameters, returns: -1, types: [LONG, array, unknown] }, 'c');
  t.deepEqual(
    entry.values.map(({ recipe }) => recipe.kind),
    ['int', 'list', 'unreadable', 'int'],
  );
  const registers = entry.ops.flatMap((op) => (op.kind === 'register' ? [op.reg] : []));
  t.deepEqual(registers, [REGISTER.di, REGISTER.si, REGISTER.cx]);
  t.deepEqual(
    entry.ops.flatMap((op) => (op.kind === 'memory' ? [op.length] : [])),
    [8, 24],
  );
});

test('of a language with a convention of its own only what the compiler says is believed', (t) => {
  const told = { ...parameter('told'), place: { in: 'register' as const, number: 3, whole: true } };
  const types = { name: 'f', ownConvention: true, parameters: [parameter('untold'), told], returns: 0, types: [LONG] };
  const { entry, return: results } = planCapture(types, 'c');
  t.deepEqual(
    entry.values.map(({ recipe }) => recipe.kind),
    ['unreadable', 'int'],
  );
  t.is(entry.ops.length, 1);
  t.like(entry.ops[0], { kind: 'register', reg: REGISTER.bx, length: 8 });
  t.deepEqual(
    results.values.map(({ recipe }) => recipe.kind),
    ['unreadable'],
  );
});
