import test from 'ava';
import type { MappedImage } from '../sessions/ports.js';
import type { Image } from '../symbols/image.js';
import { pickedBody } from './picked-body.js';

const BIAS = 0x7000_0000;
const NAMES = ['copy', 'move', 'copy_avx', 'plain'];
const SLOTS: Record<number, number[]> = { 4096: [0x9000, 0x9008], 4352: [0x9010] };

const image = {
  segments: [{ vaddr: 0x1000, offset: 0x1000, fileSize: 0x1000, executable: true }],
  go: null,
  resolvedIn: (resolver: number) => SLOTS[resolver] ?? [],
  codeRangeAt: (address: number) => (address >= 0x1800 && address < 0x1840 ? { address: 0x1800, size: 0x40 } : null),
  read: (_: number, length: number) => new Uint8Array(length),
  functions: {
    count: NAMES.length,
    name: (row: number) => NAMES[row],
    kind: (row: number) => (row < 2 ? 'ifunc' : 'function'),
    address: (row: number) => 0x1000 + row * 0x100,
    size: () => 0x40,
    rowAt: (address: number) => [0x1000, 0x1100, 0x1200, 0x1300].indexOf(address),
  },
} as unknown as Image;

const mapped = { pid: 1, image, bias: BIAS } as unknown as MappedImage;

/** What `copy` stands for where the slots of `copy` and `move` hold these linked addresses; null: as it was. */
function picked(slots: Record<number, number | null>, rows = [0]) {
  const fn = { name: 'copy', mapped, rows };
  const found = pickedBody(fn, (_, address) => {
    const value = slots[address - BIAS];
    return value === undefined || value === null ? null : value + BIAS;
  });
  return found === fn ? null : found;
}

test('the body is the one that the slots lead to, and is said with the names that share it', (t) => {
  const found = picked({ 36864: 0x1200, 36872: 0x1200, 36880: 0x1200 });
  t.deepEqual(found?.rows, [2]);
  t.is(
    found?.picked?.[0],
    'the symbol is a resolver, which picked the body at 0x1200 (copy_avx) in this process: calls that the file makes itself ' +
      'count too, and so do those of move, which have the same body',
  );
});

test('a body without a symbol is as long as its call frame information says', (t) => {
  const found = picked({ 36864: 0x1800, 36872: 0x1800, 36880: 0x1200 });
  const { functions } = found!.mapped.image;
  const row = found!.rows[0]!;
  t.deepEqual([functions.name(row), functions.address(row), functions.size(row)], ['copy', 0x1800, 0x40]);
  t.is(functions.rowAt(0x1800), row);
  t.is(picked({ 36864: 0x1800, 36872: 0x1800 })?.mapped.image, found?.mapped.image, 'decided once');
});

test('a body of the same name beside it is kept, each body once', (t) => {
  t.deepEqual(picked({ 36864: 0x1200, 36872: 0x1200 }, [0, 3])?.rows, [2, 3]);
  t.deepEqual(picked({ 36864: 0x1300, 36872: 0x1300 }, [0, 3])?.rows, [3]);
});

test('nothing is picked where the slots say nothing', (t) => {
  t.is(picked({ 36864: 0x1200, 36872: 0x1300 }), null, 'they disagree');
  t.is(picked({ 36864: 0x1200, 36872: null }), null, 'one cannot be read');
  t.is(picked({ 36864: 0x9abc, 36872: 0x9abc }), null, 'it is no code of the file');
  t.is(picked({ 36864: 0x1006, 36872: 0x1006 }), null, 'not filled yet: no function begins there');
  t.is(picked({ 36864: 0x1000, 36872: 0x1000 }), null, 'a resolver');
  t.is(picked({ 36864: 0x1804, 36872: 0x1804 }), null, 'the middle of a function');
  t.is(picked({}, [3]), null, 'no indirect function');
});
