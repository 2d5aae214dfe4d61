import test from 'ava';
import type { FunctionTable } from '../image.js';
import type { GoProgram } from './go-program.js';
import { withCCode } from './with-c-code.js';

const tableOf = (rows: readonly (readonly [string, number, number])[]): FunctionTable =>
  ({
    count: rows.length,
    name: (row: number) => rows[row]![0],
    address: (row: number) => rows[row]![1],
    size: (row: number) => rows[row]![2],
  }) as unknown as FunctionTable;

test('a C symbol without a size ends where the code of Go begins', (t) => {
  const go = tableOf([
    ['runtime.text', 0x2000, 0x100],
    ['main.main', 0x2100, 0x100],
  ]);
  const c = tableOf([
    ['_start', 0x1000, 0x22],
    ['frame_dummy', 0x1100, 0x5000],
    ['_fini', 0x6000, 3],
  ]);
  const { functions } = withCCode({ functions: go, runtime: {}, inlined: {} } as unknown as GoProgram, c);
  const sizes = Array.from({ length: functions.count }, (_, row) => [functions.name(row), functions.size(row)]);
  t.deepEqual(sizes, [
    ['_start', 0x22],
    ['frame_dummy', 0xf00],
    ['runtime.text', 0x100],
    ['main.main', 0x100],
    ['_fini', 3],
  ]);
});
