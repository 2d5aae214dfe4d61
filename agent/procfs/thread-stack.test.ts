import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { sameStack, stackPointer, stackRanges } from './thread-stack.js';

const MAPS = `00400000-00401000 rw-p 00000000 fd:00 77                        /bin/x
01000000-01021000 rw-p 00000000 00:00 0                                 [heap]
7f0000000000-7f0000021000 rw-p 00000000 00:00 0
7f0000021000-7f0004000000 ---p 00000000 00:00 0
7f0004000000-7f0004021000 rw-p 00000000 00:00 0
7f0010000000-7f0010001000 ---p 00000000 00:00 0
7f0010001000-7f0010801000 rw-p 00000000 00:00 0
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                         [stack]
`;

test('A stack is the main one, or what lies above a guard page; heaps of threads are none', (t) => {
  t.deepEqual(
    stackRanges(MAPS).map(({ start }) => start.toString(16)),
    ['7f0010001000', '7ffc00000000'],
  );
});

test('A thread that waits has a stack pointer on its stack, an absent one has none', async (t) => {
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  let pointer: bigint | null = null;
  while (pointer === null) pointer = stackPointer(child.pid!, child.pid!);
  const onOneStack = sameStack(child.pid!);
  t.true(onOneStack(pointer, pointer - 64n));
  t.false(onOneStack(pointer, 0x1000n));
  t.is(stackPointer(2 ** 22 + 1, 1), null);
});
