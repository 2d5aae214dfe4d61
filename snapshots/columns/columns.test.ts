import test from 'ava';
import { type Call, packCalls, unpackCalls } from './calls.js';
import { NO_MIN_NS, packFunctions, unpackFunctions } from './functions.js';
import { packTree, unpackTree } from './tree.js';
import { packU32, packU64, unpackCounts, unpackU32, unpackU64 } from './words.js';

/** The same bytes at an address that no typed array may have. */
const odd = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(0), bytes]).subarray(1);

test('Words are little-endian, whatever the address', (t) => {
  t.deepEqual([...packU32([1, 0xfffffffe])], [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]);
  t.deepEqual([...packU64([258n])], [2, 1, 0, 0, 0, 0, 0, 0]);
  t.deepEqual(unpackU32(odd(packU32([7, 8])), 2, 'x'), Uint32Array.of(7, 8));
  t.deepEqual(unpackU64(odd(packU64(BigUint64Array.of(2n ** 63n))), 1, 'x'), BigUint64Array.of(2n ** 63n));
});

test('Packing copies, so that a view of the kernel may change afterwards', (t) => {
  const view = BigUint64Array.of(1n);
  const packed = packU64(view);
  view[0] = 2n;
  t.deepEqual(unpackCounts(packed, 1, 'x'), Float64Array.of(1));
});

test('A column of another length is refused, one that was not sent is zeros', (t) => {
  t.throws(() => unpackU64(Buffer.alloc(12), 2, 'calls'), { message: 'column calls has 12 bytes where its rows need 16' });
  t.deepEqual(unpackCounts(Buffer.alloc(0), 2, 'calls'), Float64Array.of(0, 0));
});

test('Counts that a number cannot hold are refused, not rounded', (t) => {
  t.throws(() => unpackCounts(packU64([2n ** 53n + 1n]), 1, 'calls'), {
    message: 'column calls holds 9007199254740993, above 2^53',
  });
});

test('Functions and trees survive the wire', (t) => {
  const counts = { calls: [5, 0], returns: [2, 0], inFlight: [1, 0], unwound: [1, 0], untracked: [1, 0], joinedMidCall: [9, 0] };
  const histograms = [
    { bucket: Uint32Array.of(40), count: Float64Array.of(2) },
    { bucket: new Uint32Array(0), count: new Float64Array(0) },
  ];
  const table = unpackFunctions(
    packFunctions({
      row: [0, 3],
      ...counts,
      sumNs: [2n ** 60n, 0n],
      minNs: [7, NO_MIN_NS],
      maxNs: [9, 0],
      estimated: [1, 2],
      callsError: [0, 4],
      histograms,
    }),
  );
  t.deepEqual([...table.row], [0, 3]);
  t.deepEqual([...table.joinedMidCall], [9, 0]);
  t.deepEqual([...table.sumNs], [2n ** 60n, 0n]);
  t.is(table.minNs[1], NO_MIN_NS);
  t.deepEqual(
    [[...table.estimated], [...table.callsError]],
    [
      [1, 2],
      [0, 4],
    ],
  );
  t.deepEqual(table.histograms, histograms);
  const start = { id: 2, function: 'main.serve', calls: 3 };
  const tree = { id: [2], parent: [0], row: [1], calls: [3], totalNs: [2n ** 55n], selfNs: [1n], open: [1], starts: [start] };
  t.deepEqual(
    Object.values(unpackTree(packTree(tree))).map((column) => [...column]),
    [[2], [0], [1], [3], [2n ** 55n], [1n], [1], [start]],
  );
});

test('Calls survive the wire, with the values of those that were captured', (t) => {
  const plain: Call = { row: 1, atNs: 2n ** 60n, durationNs: 12, goroutine: 0n, thread: 4, pid: 3, callId: 2n ** 62n, flags: 1 };
  const captured: Call = { ...plain, flags: 6, arguments: [{ name: 'id', type: 'string', value: 'ü' }], results: [] };
  t.deepEqual(unpackCalls(packCalls([plain, captured], 'a')), [plain, captured]);
});

test('Captured values of a call that is not there, or that are not JSON, are refused', (t) => {
  const batch = packCalls([]);
  const values = { index: 0, arguments: Buffer.from('['), results: Buffer.alloc(0) };
  t.throws(() => unpackCalls({ ...batch, values: [values] }), { message: 'captured values of call 0 in a batch of 0' });
  const one = packCalls([{ row: 0, atNs: 0n, durationNs: 1, goroutine: 0n, thread: 1, pid: 1, callId: 1n, flags: 0 }]);
  t.throws(() => unpackCalls({ ...one, values: [values] }), { message: 'captured values of a call are not JSON' });
});
