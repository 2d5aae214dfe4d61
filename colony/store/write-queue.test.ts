import test from 'ava';
import { QUEUE_LIMIT_BYTES, type QueueEvents, type Write, WriteQueue } from './write-queue.js';

const silent: QueueEvents = { failed: () => undefined, recovered: () => undefined, dropped: () => undefined };
const write = (run: () => Promise<void>, bytes = 0): Write => ({ run, bytes, rows: 1 });

test('writes run in order, one at a time', async (t) => {
  const queue = new WriteQueue(silent);
  const ran: number[] = [];
  for (const i of [1, 2, 3]) {
    queue.add(
      write(async () => {
        await Promise.resolve();
        ran.push(i);
      }),
    );
  }
  await queue.settled();
  t.deepEqual(ran, [1, 2, 3]);
});

test('an end that cannot be written is tried again, rows are dropped and counted', async (t) => {
  const queue = new WriteQueue(silent, 5);
  let failures = 2;
  const done = new Promise<void>((resolve) => {
    queue.add(
      write(async () => {
        if (failures-- > 0) throw new Error('IO Error: no space left');
        resolve();
      }),
    );
  });
  await done;
  queue.add(write(async () => Promise.reject(new Error('IO Error: no space left')), 10));
  await queue.settled();
  t.is(queue.droppedRows, 1);
  t.is(queue.bytes, 0);
});

test('a write that can never succeed does not stop those behind it', async (t) => {
  const queue = new WriteQueue(silent, 1);
  queue.add(write(async () => Promise.reject(new Error('Constraint Error: duplicate key'))));
  await new Promise<void>((resolve) => queue.add(write(async () => resolve())));
  t.is(queue.droppedRows, 1);
});

test('a write that is added in the moment in which the last one is done is not forgotten', async (t) => {
  const queue = new WriteQueue(silent);
  const written: number[] = [];
  for (let i = 0; i < 5; i++) {
    await new Promise<void>((resolve) => queue.add(write(async () => void resolve(void written.push(i)))));
    for (let turn = 0; turn < i; turn++) await Promise.resolve();
  }
  t.deepEqual(written, [0, 1, 2, 3, 4]);
});

test('what waits is bounded', (t) => {
  const queue = new WriteQueue(silent);
  const never = () => new Promise<void>(() => undefined);
  for (let i = 0; i < 8; i++) queue.add(write(never, QUEUE_LIMIT_BYTES / 4));
  t.is(queue.bytes, QUEUE_LIMIT_BYTES);
  t.is(queue.droppedRows, 4);
});
