import test from 'ava';
import type { FrameColumns } from '../kernel/kernel.js';
import type { GoRuntime } from '../symbols/image.js';
import { type CensusSources, frameKey, readGoroutine, suspectFrames } from './frame-census.js';
import { isGhost } from './ghosts.js';

const STACK_HI = 0xc000100000n;

function goroutine(status: number, schedSp = STACK_HI - 0x200n, goid = 17n) {
  return { goid, status, schedSp, stackHi: STACK_HI };
}

test('A frame of a goroutine that is dead, or whose descriptor another one has, is a ghost', (t) => {
  t.true(isGhost(17n, 0x100n, goroutine(6)));
  t.true(isGhost(17n, 0x100n, goroutine(2, 0n, 18n)));
});

test('A parked goroutine cannot have frames below its stack pointer', (t) => {
  for (const status of [1, 3, 4, 9, 0x1004]) {
    t.true(isGhost(17n, 0x300n, goroutine(status)), `status ${status}, below`);
    t.false(isGhost(17n, 0x100n, goroutine(status)), `status ${status}, above`);
  }
});

test('Of a running goroutine nothing is said', (t) => {
  for (const status of [2, 0x1002, 8]) t.false(isGhost(17n, 0x300n, goroutine(status)));
});

const go = { goidOffset: 160, statusOffset: 144, schedSpOffset: 56 } as GoRuntime;

function memoryOfG(state: ReturnType<typeof goroutine>): Buffer {
  const bytes = Buffer.alloc(168);
  bytes.writeBigUInt64LE(state.stackHi, 8);
  bytes.writeBigUInt64LE(state.schedSp, 56);
  bytes.writeUInt32LE(state.status, 144);
  bytes.writeBigUInt64LE(state.goid, 160);
  return bytes;
}

test('runtime.g is read at the offsets of its Go version, or not at all', (t) => {
  t.deepEqual(
    readGoroutine(7, 0xc000001000n, go, () => memoryOfG(goroutine(4))),
    goroutine(4),
  );
  t.is(
    readGoroutine(7, 0xc000001000n, { ...go, statusOffset: 0 }, () => memoryOfG(goroutine(4))),
    null,
  );
  t.is(
    readGoroutine(7, 0xc000001000n, go, () => null),
    null,
  );
});

/** A goroutine's frame above its stack pointer, one below, and a thread's. */
const frames: FrameColumns = {
  slot: new Uint32Array([0, 0, 1]),
  node: new Uint32Array(3),
  tgid: new Uint32Array([7, 7, 7]),
  thread: new Uint32Array([70, 70, 71]),
  g: new BigUint64Array([0xc000001000n, 0xc000001000n, 0n]),
  goroutine: new BigUint64Array([17n, 17n, 0n]),
  depth: new BigUint64Array([0x100n, 0x300n, 5n]),
  startNs: new BigUint64Array([1n, 2n, 3n]),
  waitReason: new Uint8Array(3).fill(255),
  waitingSinceNs: new BigUint64Array(3),
};

function sources(changes: Partial<CensusSources>): CensusSources {
  const parked = () => memoryOfG(goroutine(4));
  const thread = { threadLives: () => true, stackPointer: () => null, onOneStack: () => true };
  return { readMemory: parked, goRuntime: () => go, processLives: () => true, ...thread, ...changes };
}

test('The census suspects what the goroutine cannot have open, and frames of ended threads', (t) => {
  t.deepEqual([...suspectFrames(frames, sources({}), 100)], [frameKey(frames, 1)]);
  t.deepEqual([...suspectFrames(frames, sources({ threadLives: () => false }), 100)], [frameKey(frames, 1), frameKey(frames, 2)]);
});

test('A waiting thread cannot have frames below its stack pointer, on that stack', (t) => {
  const suspected = (changes: Partial<CensusSources>) => suspectFrames(frames, sources(changes), 100).has(frameKey(frames, 2));
  const address = BigInt.asUintN(64, ~5n);
  t.true(suspected({ stackPointer: () => address + 8n }));
  t.false(suspected({ stackPointer: () => address }));
  t.false(suspected({ stackPointer: () => address + 8n, onOneStack: () => false }));
});

test('Calls of a process that has exited stay in flight', (t) => {
  t.is(suspectFrames(frames, sources({ processLives: () => false, threadLives: () => false }), 100).size, 0);
});

test('The census stops at its limit of goroutines and threads', (t) => {
  t.is(suspectFrames(frames, sources({ threadLives: () => false }), 1).size, 1);
});
