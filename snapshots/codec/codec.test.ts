import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { packCalls } from '../columns/calls.js';
import type { Snapshot } from '../document.js';
import { plan, STARTED_NS, sessionInfo, tickOf, treeOf } from '../ledger/fixture.js';
import { SessionLedger } from '../ledger/session-ledger.js';
import { decodeSnapshot, encodeSnapshot } from './codec.js';
import { decodeSaved } from './saved.js';
import { snapshotSchema } from './schema.js';

/** A snapshot in which every key of the document occurs. */
function fullSnapshot(): Snapshot {
  const slots = [plan('main.Checkout', 10), plan('main.pay', 10), plan('main.pay', 11)];
  const ledger = new SessionLedger({
    ...sessionInfo([]),
    refused: [{ function: 'main.tiny', code: 'INLINED_EVERYWHERE', reason: 'inlined at 3 places', pid: 10, agentId: 'a' }],
  });
  ledger.addPart('a', slots);
  const call = {
    row: 0,
    atNs: STARTED_NS,
    durationNs: 2 ** 52,
    goroutine: 17n,
    thread: 12,
    pid: 10,
    callId: 2n ** 60n,
    flags: 1,
  };
  const values = [
    { name: 'card', type: 'string', redacted: true as const },
    { name: 'n', type: 'uint64', value: '18446744073709551615' },
  ];
  const overhead = {
    hits: 9,
    costNs: 9000,
    percentOfOneCpu: 0.1,
    percentOfTarget: 0.2,
    waitingHits: 7,
    emulatedHitNs: 550,
    steppedHitNs: 10_400,
    budgetPercent: 5,
    rowCostNs: Buffer.alloc(0),
  };
  const step = {
    at: { seconds: 1_795_420_801, nanos: 1 },
    code: 'WINDOWED',
    message: 'return probes now in windows',
    function: 'main.pay',
  };
  const at = { elapsedNs: 1_200_000_000 };
  ledger.apply(
    tickOf(
      'a',
      1,
      [
        { slot: 0, durationsNs: [2 ** 39, 2 ** 39], inFlight: 1 },
        { slot: 1, durationsNs: [1000], unwound: 1 },
        { slot: 2, durationsNs: [3] },
      ],
      {
        ...at,
        tree: treeOf([
          [2, 0, 0, 3, 2 ** 40, 2 ** 40, 1],
          [3, 2, 1, 2, 1000, 1000, 0],
        ]),
        slowCalls: packCalls([{ ...call, arguments: values, results: [{ name: '', type: 'error', value: null }] }]),
        openCalls: [{ row: 0, goroutine: 18, thread: 0, ageNs: 5, waiting: 'network', pid: 10 }],
        waiting: [{ row: 0, reason: 'mutex', count: 1, totalNs: 5 }],
        losses: [{ reason: 'ring_full', count: 3 }],
        overhead: { ...overhead, steps: [step] },
      },
    ),
  );
  return { ...ledger.snapshot('detached'), text_verified: true, text_detail: 'equal' };
}

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTuples: false });
const matchesSchema = ajv.compile(snapshotSchema());

test('The published schema is the one that the code checks by', (t) => {
  const published = readFileSync(new URL('../../../snapshots/snapshot.schema.json', import.meta.url), 'utf8');
  t.deepEqual(JSON.parse(published), JSON.parse(JSON.stringify(snapshotSchema())));
});

test('A snapshot survives being written and read, and fits the schema', (t) => {
  const snapshot = fullSnapshot();
  const encoded = encodeSnapshot(snapshot);
  t.deepEqual(decodeSnapshot(encoded), snapshot);
  t.deepEqual(decodeSnapshot(Buffer.from(encoded)), snapshot);
  t.true(matchesSchema(JSON.parse(encoded)), ajv.errorsText(matchesSchema.errors));
});

test('So does one of a session in which nothing happened', (t) => {
  const ledger = SessionLedger.watching(sessionInfo([plan('f')]));
  const snapshot = ledger.snapshot();
  t.deepEqual(decodeSnapshot(encodeSnapshot(snapshot)), snapshot);
  t.true(matchesSchema(snapshot), ajv.errorsText(matchesSchema.errors));
  t.false('latency' in snapshot.functions[0]!);
  t.false('end_reason' in snapshot);
});

test('Counters above 2^53 are strings, exactly', (t) => {
  const ledger = SessionLedger.watching(sessionInfo([plan('f')]));
  const tick = tickOf('', 1, [{ slot: 0, durationsNs: [5] }]);
  tick.functions!.sumNs.writeBigUInt64LE(2n ** 53n + 1n);
  ledger.apply(tick);
  t.is(decodeSnapshot(encodeSnapshot(ledger.snapshot())).functions[0]?.latency?.sum_ns, '9007199254740993');
});

test('Keys of later versions pass', (t) => {
  const snapshot = { ...fullSnapshot(), path: '/checkout', requests: 4 };
  t.deepEqual(decodeSnapshot(JSON.stringify(snapshot)), snapshot);
});

test('A saved stream is opened by its last line, and what is wrong with a file is said with its name', (t) => {
  const snapshot = fullSnapshot();
  const stream = `{"type":"session","session_id":"x"}\n{"type":"tick"}\n${encodeSnapshot(snapshot)}`;
  for (const text of [stream, `${stream}\n`, encodeSnapshot(snapshot)])
    t.deepEqual(decodeSaved(Buffer.from(text), 'a'), snapshot);
  const cut = t.throws(() => decodeSaved(Buffer.from('{"type":"session"}\n{"type":"tick"}\n'), '/tmp/a.ndjson'));
  t.like(cut, { code: 'BAD_SNAPSHOT', details: { path: '/tmp/a.ndjson' } });
  t.regex(cut.message, /^\/tmp\/a\.ndjson: not a coral\.snapshot\/1 document: /);
});

const NO_COUNT = 'is not a count (whole, 0 or more, a string above 2^53)';

/** What a good document is spoilt with at which place, and what is said of it. */
const SPOILT: [path: (string | number)[], value: unknown, fault: string][] = [
  [['schema'], 'coral.snapshot/9', 'schema: "coral.snapshot/9" where "coral.snapshot/1" is expected'],
  [['functions'], {}, 'functions: an object is not an array'],
  [['functions', 1, 'latency', 'p50_ns'], undefined, 'functions[1].latency.p50_ns: is missing'],
  [['functions', 1, 'latency', 'p50_ns'], -1, `functions[1].latency.p50_ns: -1 ${NO_COUNT}`],
  [['functions', 1, 'latency', 'p50_ns'], 2 ** 60, `functions[1].latency.p50_ns: 1152921504606847000 ${NO_COUNT}`],
  [['functions', 1, 'latency', 'p50_ns'], '12x', `functions[1].latency.p50_ns: "12x" ${NO_COUNT}`],
  [['functions', 0, 'latency', 'histogram', 0], [1, 2], 'functions[0].latency.histogram[0]: an array is not an array of 3'],
  [['functions', 0, 'latency', 'histogram', 0], [5, 5, 1], 'functions[0].latency.histogram[0][1]: 5 is not above 5'],
  [['functions', 0, 'sites', 0, 'role'], 'exit', 'functions[0].sites[0].role: "exit" is none of entry, return'],
  [['started_at'], 'yesterday', 'started_at: "yesterday" is not an RFC 3339 time'],
  [['end_reason'], null, 'end_reason: null is none of expired, detached, interrupted, target_exited, budget, agent_lost'],
  [['tree', 1, 'parent'], 2, 'tree[1].parent: no node 2 before this one'],
  [['tree', 1, 'id'], 1, 'tree[1].id: 1 occurs twice'],
  [['losses', 'ring_full'], 'many', `losses.ring_full: "many" ${NO_COUNT}`],
  [['slow_calls', 0, 'arguments', 0, 'type'], 3, 'slow_calls[0].arguments[0].type: 3 is not a string'],
  [['service'], 7, 'service: 7 is not a string'],
  [['pids', 0], -1, 'pids[0]: -1 is not a whole number from 0 up'],
  [['functions', 0, 'sites', 0, 'offset'], 0.5, 'functions[0].sites[0].offset: 0.5 is not a whole number from 0 up'],
];

for (const [path, value, fault] of SPOILT) {
  test(`A document is refused because of ${fault}`, (t) => {
    const spoilt: unknown = structuredClone(fullSnapshot());
    const place = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], spoilt);
    (place as Record<string, unknown>)[path.at(-1)!] = value;
    const error = t.throws(() => decodeSnapshot(JSON.stringify(spoilt)));
    t.like(error, { code: 'BAD_SNAPSHOT', message: `not a coral.snapshot/1 document: ${fault}` });
  });
}

test('Hostile bytes are refused with a reason', (t) => {
  const message = (encoded: string | Uint8Array) => t.throws(() => decodeSnapshot(encoded)).message;
  t.regex(message(''), /is not JSON/);
  t.regex(message('{"type":"snapshot"'), /is not JSON/);
  t.regex(message(Buffer.of(0x22, 0xff, 0x22)), /is not UTF-8/);
  t.regex(message('['.repeat(1_000_000)), /nested 1000000 levels deep, over the limit of 64/);
  t.regex(message(`"\\"${'['.repeat(100)}`), /is not JSON/);
  t.regex(message(`"${'\\"'.repeat(1_000_000)}`), /is not JSON/);
  t.regex(message('{"__proto__":{"type":"snapshot"}}'), /type: is missing/);
  t.regex(message('1e999'), /document: null is not an object/);
});
