import test from 'ava';
import type { DwarfType, FunctionTypes } from '../dwarf/types.js';
import { placeGo } from './go-abi.js';

const type = (kind: DwarfType['kind'], size: number, more: Partial<DwarfType> = {}): DwarfType => ({
  kind,
  name: '',
  size,
  goKind: 0,
  ...more,
});
const TYPES = [
  type('int', 8),
  type('float', 8),
  type('struct', 16, {
    goKind: 24,
    fields: [
      { name: 'str', offset: 0, type: 3 },
      { name: 'len', offset: 8, type: 0 },
    ],
  }),
  type('pointer', 8),
  type('array', 24, { target: 0, count: 3 }),
  type('bool', 1),
];

const MIXED =
  TYPES.push(
    type('struct', 24, {
      fields: [
        { name: 'id', offset: 0, type: 0 },
        { name: 'rate', offset: 8, type: 1 },
        { name: 'ok', offset: 16, type: 5 },
      ],
    }),
  ) - 1;

const signature = (args: number[], results: number[]): FunctionTypes => ({
  name: 'main.f',
  parameters: [...args.map((a) => parameter(a, false)), ...results.map((r) => parameter(r, true))],
  returns: -1,
  types: TYPES,
});
const parameter = (index: number, result: boolean) => ({ name: 'x', type: index, result, artificial: false });

test('words go to AX, BX, CX, DI, SI, R8 … in order, strings as two', (t) => {
  const { arguments: args } = placeGo(signature([0, 2, 3], []));
  t.deepEqual(args, [
    { kind: 'pieces', pieces: [{ in: 'register', reg: 0, offset: 0, size: 8 }] },
    {
      kind: 'pieces',
      pieces: [
        { in: 'register', reg: 1, offset: 0, size: 8 },
        { in: 'register', reg: 2, offset: 8, size: 8 },
      ],
    },
    { kind: 'pieces', pieces: [{ in: 'register', reg: 5, offset: 0, size: 8 }] },
  ]);
});

test('an array of several elements goes to the stack, whole, above the return address', (t) => {
  const { arguments: args, results } = placeGo(signature([4, 0], [4]));
  t.deepEqual(args[0], { kind: 'pieces', pieces: [{ in: 'stack', at: 8, offset: 0, size: 24 }] });
  t.deepEqual(args[1], { kind: 'pieces', pieces: [{ in: 'register', reg: 0, offset: 0, size: 8 }] });
  t.deepEqual(results[0], { kind: 'pieces', pieces: [{ in: 'stack', at: 32, offset: 0, size: 24 }] });
});

test('a value that no longer fits gives its registers back', (t) => {
  const { arguments: args } = placeGo(signature([2, 2, 2, 2, 2, 0], []));
  t.deepEqual(args[4], { kind: 'pieces', pieces: [{ in: 'stack', at: 8, offset: 0, size: 16 }] });
  t.deepEqual(args[5], { kind: 'pieces', pieces: [{ in: 'register', reg: 9, offset: 0, size: 8 }] });
});

test('fields are placed one by one, floats where probes cannot see', (t) => {
  const { arguments: args } = placeGo(signature([MIXED], []));
  t.deepEqual(args[0], {
    kind: 'pieces',
    pieces: [
      { in: 'register', reg: 0, offset: 0, size: 8 },
      { in: 'float', offset: 8, size: 8 },
      { in: 'register', reg: 1, offset: 16, size: 1 },
    ],
  });
});

test('what comes behind a value whose type is not known to its end is not guessed, nor are results on the stack', (t) => {
  const cut = TYPES.push(type('struct', 16, { fields: [{ name: 'deep', offset: 0, type: -1 }] })) - 1;
  const { arguments: args, results } = placeGo(signature([0, cut, 0], [0, 4]));
  t.is(args[0]?.kind, 'pieces');
  t.deepEqual(
    args.slice(1).map(({ kind }) => kind),
    ['unknown', 'unknown'],
  );
  t.deepEqual(
    results.map(({ kind }) => kind),
    ['pieces', 'unknown'],
  );
});
