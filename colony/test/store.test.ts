import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import test, { type ExecutionContext } from 'ava';
import { DebugSession } from '../../proto/gen/coral/colony/v1/debug.js';
import { type CallBatch, FunctionPlan, SessionInfo, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { packCalls } from '../../snapshots/columns/calls.js';
import { packFunctions } from '../../snapshots/columns/functions.js';
import { packU32, packU64 } from '../../snapshots/columns/words.js';
import { emptyHistogram } from '../../snapshots/histogram/arithmetic.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { type HistoryOptions, StoredHistory } from '../store/stored-history.js';
import { until } from './serve.js';

const HOUR_MS = 3_600_000;
const START_NS = 1_795_420_800_123_456_789n;
const START_MS = Number(START_NS / 1_000_000n);
const INFO = SessionInfo.fromPartial({
  sessionId: 'dbg-1',
  service: 'checkout',
  functions: [FunctionPlan.fromPartial({ name: 'main.pay' }), FunctionPlan.fromPartial({ name: 'main.(*Server).Checkout' })],
});
const SESSION = DebugSession.fromPartial({
  sessionId: 'dbg-1',
  serviceName: 'checkout',
  functionName: 'main.pay',
  agentId: 'host-a',
  startedAt: nsToTimestamp(START_NS),
  expiresAt: nsToTimestamp(START_NS + 60_000_000_000n),
  status: 'active',
  functions: INFO.functions.map(({ name }) => name),
  pids: [4711],
  requestedBy: 'ann',
});
const ENDED = { ...SESSION, status: 'expired', eventCount: 2, endedAt: nsToTimestamp(START_NS + 60_000_000_000n) };
const DOCUMENT = Buffer.from(
  '{"session_id":"dbg-1","slow_calls":[{"call_id":"1","arguments":[{"name":"card","value":"4242"}]}]}',
);

function directory(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'coral-store-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A history in a directory, at the time of SESSION unless a clock is given. */
function open(t: ExecutionContext, path: string, options: Partial<HistoryOptions> = {}): StoredHistory {
  const retention = { eventsRetentionMs: 24 * HOUR_MS, sessionsRetentionMs: 7 * 24 * HOUR_MS };
  const history = new StoredHistory({
    directory: path,
    takeUpMs: 0,
    nowMs: () => START_MS,
    retryMs: 20,
    ...retention,
    ...options,
  });
  t.teardown(() => history.close());
  history.open();
  return history;
}

/** What another program reads in the file when the colony is done with it. */
async function read(path: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(join(path, 'history.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = await (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const batch = (): CallBatch =>
  packCalls(
    [0, 1].map((row) => ({
      row,
      atNs: START_NS + BigInt(row),
      durationNs: 5_000_000_000 + row,
      goroutine: 17n,
      thread: 9,
      pid: 4711,
      callId: BigInt(row),
      flags: 2,
      ...(row === 1 && { arguments: [{ name: 'card', type: 'string', value: '4242' }] }),
    })),
    'host-a',
  );

test('a session, its calls and its document are what another program reads in the file', async (t) => {
  const path = directory(t);
  const history = open(t, path);
  history.opened(SESSION);
  history.calls(INFO, batch());
  await history.ended(ENDED, DOCUMENT);
  await history.close();
  t.deepEqual(
    await read(path, 'SELECT session_id, service_name, status, event_count, requested_by, detached_ns FROM debug_sessions'),
    [['dbg-1', 'checkout', 'expired', '2', 'ann', String(START_NS + 60_000_000_000n)]],
  );
  t.deepEqual(
    await read(
      path,
      `SELECT epoch_us(timestamp), session_id, agent_id, service_name, function_name, event_type, duration_ns, pid, tid,
      labels['arguments'] FROM uprobe_events ORDER BY timestamp_ns`.replace(
        ' ORDER BY timestamp_ns',
        ' ORDER BY function_name DESC',
      ),
    ),
    [
      [
        String((START_NS + 5_000_000_000n) / 1000n),
        'dbg-1',
        'host-a',
        'checkout',
        'main.pay',
        'exit',
        '5000000000',
        4711,
        9,
        null,
      ],
      [
        String((START_NS + 5_000_000_002n) / 1000n),
        'dbg-1',
        'host-a',
        'checkout',
        'main.(*Server).Checkout',
        'exit',
        '5000000001',
        4711,
        9,
        '[{"name":"card","type":"string","value":"4242"}]',
      ],
    ],
  );
  t.deepEqual(await read(path, 'SELECT timestamp_ns FROM debug_events ORDER BY 1'), [
    [String(START_NS + 5_000_000_000n)],
    [String(START_NS + 5_000_000_002n)],
  ]);
});

test('two calls of one thread in one nanosecond are two rows', async (t) => {
  const path = directory(t);
  const history = open(t, path);
  const call = { row: 0, atNs: START_NS, durationNs: 1, goroutine: 0n, thread: 9, pid: 4711, flags: 2 };
  history.calls(
    INFO,
    packCalls(
      [
        { ...call, callId: 1n },
        { ...call, callId: 2n },
      ],
      'host-a',
    ),
  );
  await history.close();
  t.deepEqual(await read(path, 'SELECT count(*) FROM uprobe_events'), [['2']]);
});

test('single calls of files from before stay what they were', async (t) => {
  const path = directory(t);
  const instance = await DuckDBInstance.create(join(path, 'history.duckdb'));
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE debug_events (timestamp TIMESTAMPTZ NOT NULL, session_id VARCHAR NOT NULL, agent_id VARCHAR NOT NULL,
    service_name VARCHAR NOT NULL, function_name VARCHAR NOT NULL, event_type VARCHAR NOT NULL, duration_ns BIGINT, pid INTEGER NOT NULL,
    tid INTEGER NOT NULL, labels MAP(VARCHAR, VARCHAR), timestamp_ns BIGINT NOT NULL, call_id UBIGINT NOT NULL, goroutine UBIGINT NOT NULL,
    flags UINTEGER NOT NULL)`);
  await connection.run(`INSERT INTO debug_events SELECT make_timestamptz(${START_NS} // 1000 + i), 'dbg-0', 'host-a', 'checkout', 'main.f' || i % 2,
    'exit', 10 + i, 4711, 9, CASE WHEN i = 2 THEN MAP {'arguments': '[1]', 'results': '[]'} END, ${START_NS} + i * 1000, i, 17, 2 FROM range(4) r(i)`);
  const rows = 'SELECT * REPLACE (labels::VARCHAR AS labels) FROM debug_events ORDER BY call_id, session_id';
  const before = await (await connection.runAndReadAll(rows)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  const history = open(t, path);
  history.calls(INFO, batch());
  await history.close();
  const after = await read(path, rows);
  t.is(after.length, 6);
  t.deepEqual(
    after.filter((row) => row[1] === 'dbg-0'),
    before as unknown[][],
  );
});

test('documents that are larger than the memory of the history are written and read, one character like the other', async (t) => {
  const path = directory(t);
  const history = open(t, path);
  const document = Buffer.from(JSON.stringify({ slow_calls: [], names: 'naïve 🦀 '.repeat(800_000) }));
  for (let i = 0; i < 30; i++) await history.ended({ ...ENDED, sessionId: `dbg-${i}` }, document);
  await history.close();
  const later = open(t, path);
  await later.ended({ ...ENDED, sessionId: 'dbg-last' }, DOCUMENT);
  await later.close();
  const last = open(t, path);
  t.true((await last.snapshot('dbg-29'))?.equals(document)); // a difference of megabytes is nothing to print
  t.deepEqual(await last.snapshot('dbg-last'), DOCUMENT);
  t.is(last.error, '');
});

test('documents of files from before are kept', async (t) => {
  const path = directory(t);
  const instance = await DuckDBInstance.create(join(path, 'history.duckdb'));
  const connection = await instance.connect();
  await connection.run(
    'CREATE TABLE snapshots (session_id VARCHAR NOT NULL, json VARCHAR NOT NULL, has_values BOOLEAN NOT NULL)',
  );
  await connection.run(
    `INSERT INTO snapshots VALUES ('dbg-0', '{"n":"${'x'.repeat(10_000)}"}', false), ('dbg-1', '${DOCUMENT}', true)`,
  );
  connection.closeSync();
  instance.closeSync();
  const history = open(t, path);
  t.deepEqual(await history.snapshot('dbg-1'), DOCUMENT);
  await history.close();
  t.deepEqual(await read(path, 'SELECT session_id, length(json), has_values FROM snapshots ORDER BY session_id'), [
    ['dbg-0', '10008', false],
    ['dbg-1', String(DOCUMENT.length), true],
  ]);
});

test('ticks are one row a function, its processes added up', async (t) => {
  const path = directory(t);
  const history = open(t, path);
  const counts = [3, 4, 5];
  const functions = packFunctions({
    row: [0, 1, 2],
    calls: counts,
    returns: counts,
    inFlight: [0, 0, 0],
    unwound: [0, 0, 0],
    untracked: [0, 0, 0],
    joinedMidCall: [0, 0, 0],
    sumNs: counts,
    minNs: [9, 8, 7],
    maxNs: [10, 11, 12],
    histograms: counts.map((count) => emptyHistogram().fill(count, 5, 6)),
  });
  const tick = SessionTick.fromPartial({ sessionId: 'dbg-1', agentId: 'host-a', seq: 1, at: nsToTimestamp(START_NS), functions });
  history.tick('checkout', tick, ['main.pay', 'main.card', 'main.pay']);
  await history.close();
  t.deepEqual(
    await read(path, 'SELECT function_name, calls, min_ns, max_ns, ts_ns, octet_length(histogram) FROM ticks ORDER BY 1'),
    [
      ['main.card', '4', '8', '11', String(START_NS), '16'],
      ['main.pay', '8', '7', '12', String(START_NS), '16'],
    ],
  );
});

test('a question finds sessions by name, suffix and glob, since a time', async (t) => {
  const history = open(t, directory(t));
  await history.ended(ENDED, DOCUMENT);
  const ask = async (functionPattern: string, sinceNs = 0n): Promise<number> =>
    (await history.query({ service: 'checkout', functionPattern, sinceNs, limit: 20 })).length;
  for (const pattern of ['main.pay', 'pay', 'Server.Checkout', 'Checkout', 'main.*', '']) t.is(await ask(pattern), 1, pattern);
  for (const pattern of ['ay', 'main', 'main.refund']) t.is(await ask(pattern), 0, pattern);
  t.is(await ask('pay', START_NS + 1n), 0);
  t.deepEqual((await history.query({ service: '', functionPattern: '', sinceNs: 0n, limit: 1 }))[0]!.snapshot, DOCUMENT);
});

test('past sessions are found by a process that they probed', async (t) => {
  const history = open(t, directory(t));
  await history.ended({ ...ENDED, pids: [99, 4711] }, DOCUMENT);
  for (const [service, found] of Object.entries({ 'pid:4711': 1, 'pid:99': 1, 'pid:471': 0, checkout: 1, other: 0 })) {
    t.is((await history.query({ service, functionPattern: 'pay', sinceNs: 0n, limit: 20 })).length, found, service);
    t.is((await history.endedSessions(service, 20)).length, found, service);
  }
});

test('single calls and captured values go after a day, sessions after a week', async (t) => {
  const path = directory(t);
  const first = open(t, path);
  first.calls(INFO, batch());
  await first.ended(ENDED, DOCUMENT);
  await first.close();
  const later = async (hours: number): Promise<void> => open(t, path, { nowMs: () => START_MS + hours * HOUR_MS }).close();
  await later(23);
  t.deepEqual(await read(path, 'SELECT (SELECT count(*) FROM debug_events), count(*) FROM debug_sessions'), [['2', '1']]);
  await later(25);
  t.deepEqual(
    await read(path, "SELECT (SELECT count(*) FROM debug_events), json LIKE '%4242%', json LIKE '%call_id%' FROM snapshots"),
    [['0', false, true]],
  );
  await later(7 * 24 + 1);
  t.deepEqual(await read(path, 'SELECT (SELECT count(*) FROM snapshots), count(*) FROM debug_sessions'), [['0', '0']]);
});

test('a file that another process holds leaves live sessions alone and is said', async (t) => {
  const path = directory(t);
  const holder = await DuckDBInstance.create(join(path, 'history.duckdb'));
  t.teardown(() => holder.closeSync());
  const { spawnSync } = await import('node:child_process');
  const script = `import('${new URL('../store/stored-history.js', import.meta.url).href}').then(async ({ StoredHistory }) => {
    const history = new StoredHistory({ directory: ${JSON.stringify(path)}, takeUpMs: 0, eventsRetentionMs: 1e9, sessionsRetentionMs: 1e9 });
    history.open();
    await history.ended({ sessionId: 'x', functions: [], pids: [] }, Buffer.from('{}'));
    console.log(history.error);
    await history.query({ service: '', functionPattern: '', sinceNs: 0n, limit: 1 }).catch((error) => console.log(error.code));
    await history.close();
  })`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 100_000 });
  t.regex(stdout, /lock/i);
  t.regex(stdout, /NO_HISTORY/);
});

test('a corrupt file is said, and nothing hangs', async (t) => {
  const path = directory(t);
  writeFileSync(join(path, 'history.duckdb'), 'this is no database, it is a letter to a friend'.repeat(500));
  const history = open(t, path);
  const heard: string[] = [];
  history.trouble = (code) => heard.push(code);
  await history.ended(ENDED, DOCUMENT);
  t.not(history.error, '');
  t.true(heard.includes('HISTORY_PAUSED'));
  await t.throwsAsync(history.query({ service: '', functionPattern: '', sinceNs: 0n, limit: 1 }), { code: 'NO_HISTORY' });
});

test('what could not be written is written once the obstacle is gone', async (t) => {
  const path = directory(t);
  mkdirSync(join(path, 'history.duckdb'));
  const history = open(t, path);
  await history.ended(ENDED, DOCUMENT);
  t.not(history.error, '');
  rmSync(join(path, 'history.duckdb'), { recursive: true });
  await until(() => history.error === '');
  t.is((await history.query({ service: '', functionPattern: '', sinceNs: 0n, limit: 1 })).length, 1);
});

test('a colony that was killed leaves its sessions to be reported once', async (t) => {
  const path = directory(t);
  mkdirSync(join(path, 'open-sessions'));
  writeFileSync(join(path, 'open-sessions', 'dbg-1.json'), JSON.stringify({ pid: 2 ** 22, session: SESSION }));
  const history = open(t, path);
  t.like(history.unreportedEnds[0], { sessionId: 'dbg-1', status: 'interrupted' });
  history.takeUnreportedEnds();
  t.deepEqual(history.unreportedEnds, []);
  await history.close();
  t.deepEqual(open(t, path).unreportedEnds, []);
});

test('rows beyond the bound of the queue are dropped and counted, sessions are not', async (t) => {
  const path = directory(t);
  const history = open(t, path);
  const heard: string[] = [];
  history.trouble = (_, message) => heard.push(message);
  const rows = 400_000;
  const zeros = packU64(new BigUint64Array(rows));
  const big = {
    row: packU32(new Uint32Array(rows)),
    thread: packU32(new Uint32Array(rows)),
    pid: packU32(new Uint32Array(rows)),
  };
  const calls = {
    ...big,
    atNs: zeros,
    durationNs: zeros,
    goroutine: zeros,
    callId: zeros,
    flags: big.row,
    values: [],
    agentId: 'host-a',
  };
  history.calls(INFO, calls);
  history.calls(INFO, calls);
  await history.ended(ENDED, DOCUMENT);
  await history.close();
  t.deepEqual(await read(path, 'SELECT (SELECT count(*) FROM debug_events), count(*) FROM debug_sessions'), [['0', '1']]);
  t.true(heard.some((message) => message.startsWith('800000 rows')));
});
