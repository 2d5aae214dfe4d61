import test from 'ava';
import type { FrameColumns } from '../../kernel/kernel.js';
import type { GoRuntime } from '../../symbols/image.js';
import type { LoadedCode, ProcessStacks } from '../ports.js';
import { type CensusSources, FrameCensus, frameKey, readGoroutine, suspectFrames } from './frame-census.js';
import { isGhost } from './ghosts.js';

const STACK_HI = 0xc000100000n;

function goroutine(status: number, schedSp = STACK_HI - 0x200n, goid = 17n) {
  return { goid, status, schedSp, schedPc: 0x401000n, stackHi: STACK_HI };
}

test('A frame of a goroutine that is dead, or whose descriptor another one has, is a ghost', (t) => {
  for (const status of [6, 11, 0x100b]) t.true(isGhost(17n, 0x100n, goroutine(status)), `status ${status}`);
  t.true(isGhost(17n, 0x100n, goroutine(2, 0n, 18n)));
});

test('A parked goroutine cannot have frames below its stack pointer', (t) => {
  for (const status of [1, 4, 9, 10, 0x1004]) {
    t.true(isGhost(17n, 0x300n, goroutine(status)), `status ${status}, below`);
    t.false(isGhost(17n, 0x100n, goroutine(status)), `status ${status}, above`);
  }
});

test('A goroutine in a system call may have frames below the stack pointer that is kept of it', (t) => {
  for (const status of [3, 0x1003]) {
    t.false(isGhost(17n, 0x300n, goroutine(status)), `status ${status}`);
    const frame = { ...frames, depth: new BigUint64Array([0x100n, 0x300n, 5n]) };
    const code = { goCode: () => ({}) as LoadedCode, stacks: () => ({ ...UNKNOWN, isLeftByGoroutine: () => true }) };
    const suspects = suspectFrames(frame, sources({ ...code, readMemory: () => memoryOfG(goroutine(status)) }), ALL);
    t.deepEqual([...suspects], [frameKey(frame, 0)], 'what lies above is walked');
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
  bytes.writeBigUInt64LE(state.schedPc, 64);
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

const ALL = { owners: 100, walks: 100 };
const UNKNOWN: ProcessStacks = { isLeft: () => false, isLeftByGoroutine: () => false };

function sources(changes: Partial<CensusSources>): CensusSources {
  const parked = () => memoryOfG(goroutine(4));
  const thread = { threadLives: () => true, stacks: () => UNKNOWN };
  return {
    readMemory: parked,
    goRuntime: () => go,
    goCode: () => null,
    processLives: () => true,
    isCodeOf: () => true,
    ...thread,
    ...changes,
  };
}

test('The census suspects what the goroutine cannot have open, and frames of ended threads', (t) => {
  t.deepEqual([...suspectFrames(frames, sources({}), ALL)], [frameKey(frames, 1)]);
  t.deepEqual([...suspectFrames(frames, sources({ threadLives: () => false }), ALL)], [frameKey(frames, 1), frameKey(frames, 2)]);
});

const threadFrame = BigInt.asUintN(64, ~5n);
const waiting = (isLeft: ProcessStacks['isLeft']) => sources({ stacks: () => ({ ...UNKNOWN, isLeft }) });

test('A waiting thread has no frames that its stack knows nothing of', (t) => {
  const suspected = (isLeft: ProcessStacks['isLeft']) => suspectFrames(frames, waiting(isLeft), ALL).has(frameKey(frames, 2));
  t.true(suspected((thread, address, outermost) => thread === 71 && address === threadFrame && outermost === threadFrame));
  t.false(suspected(() => false));
});

test('A parked goroutine has no calls that its stack knows nothing of, unless it ran meanwhile', (t) => {
  const isLeftByGoroutine: ProcessStacks['isLeftByGoroutine'] = ({ pc, sp }, address) =>
    pc === 0x401000n && sp === STACK_HI - 0x200n && address === STACK_HI - 0x100n;
  const code = { goCode: () => ({}) as LoadedCode, stacks: () => ({ ...UNKNOWN, isLeftByGoroutine }) };
  const isSuspect = (changes: Partial<CensusSources>) => suspectFrames(frames, sources(changes), ALL).has(frameKey(frames, 0));
  t.true(isSuspect(code));
  t.false(isSuspect({ ...code, goCode: () => null }));
  for (const after of [goroutine(2), goroutine(4, STACK_HI - 0x180n), { ...goroutine(4), schedPc: 0x402000n }]) {
    let reads = 0;
    t.false(
      isSuspect({ ...code, readMemory: () => memoryOfG(reads++ === 0 ? goroutine(4) : after) }),
      JSON.stringify(after.status),
    );
  }
});

test('What two looks have found left stays so when the thread runs at the third, and what one has found does not', (t) => {
  const left = waiting(() => true);
  const runs = sources({});
  const key = frameKey(frames, 2);
  const twice = new FrameCensus();
  const looks = [left, left, runs, runs].map((each) => twice.look(frames, each, ALL).has(key));
  t.deepEqual(looks, [true, true, true, true]);
  const once = new FrameCensus();
  t.deepEqual(
    [left, runs, left].map((each) => once.look(frames, each, ALL).has(key)),
    [true, false, true],
  );
  const none = { ...frames, slot: new Uint32Array(0) };
  t.deepEqual(
    [none, frames].map((each) => twice.look(each, runs, ALL).has(key)),
    [false, false],
    'a frame that is gone is forgotten',
  );
});

test('Calls of a process that has exited stay in flight', (t) => {
  t.is(suspectFrames(frames, sources({ processLives: () => false, threadLives: () => false }), ALL).size, 0);
});

test('The census stops at its limit of goroutines and threads', (t) => {
  t.is(suspectFrames(frames, sources({ threadLives: () => false }), { ...ALL, owners: 1 }).size, 1);
});
