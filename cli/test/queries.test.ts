import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { CoralError } from '../../proto/errors.js';
import { encodeFunctionIndex, FUNCTION_INDEX_ENCODING } from '../../proto/function-index.js';
import { encodeSnapshot } from '../../snapshots/codec/codec.js';
import { plan, sessionInfo, tickOf } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { type FakeAnswers, startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

async function colonyOf(t: ExecutionContext, answers: FakeAnswers) {
  const colony = await startFakeColony(answers);
  t.teardown(colony.stop);
  return colony;
}

function documentOf(sessionId: string, durationsNs: number[]) {
  const ledger = SessionLedger.watching({ ...sessionInfo([plan('main.Checkout')]), sessionId });
  ledger.apply(tickOf('', 1, [{ slot: 0, durationsNs }]));
  return ledger.snapshot('expired');
}

const SESSION = {
  sessionId: 'dbg-1',
  serviceName: 'shop',
  functionName: 'main.Checkout',
  functions: ['main.Checkout', 'main.pay'],
  agentId: 'host-a',
  pids: [10],
  startedAt: { seconds: 1_795_420_800, nanos: 5 },
  expiresAt: { seconds: 1_795_420_860, nanos: 0 },
  status: 'active',
  requestedBy: 'ann',
};

const INDEX = encodeFunctionIndex({
  names: ['main.validateCard', 'main.Checkout', 'runtime.mallocgc'],
  files: ['main.go', 'malloc.go'],
  file: Uint32Array.of(0, 0, 1),
  line: Uint32Array.of(88, 12, 900),
  size: Uint32Array.of(320, 640, 4096),
  inlined: Uint32Array.of(0, 2, 0),
  offset: Float64Array.of(1, 2, 3),
});

/** In two pieces, as a large one comes. */
async function* indexPieces() {
  yield { serviceName: 'shop', buildId: 'b1', count: 3, encoding: FUNCTION_INDEX_ENCODING, chunk: INDEX.subarray(0, 20) };
  yield { chunk: INDEX.subarray(20) };
}

test('functions are listed from the index, without asking for a look at their code', async (t) => {
  const colony = await colonyOf(t, { listFunctions: indexPieces });
  const { stdout } = await runCommand('functions', ['shop', '--match', '^main', '--colony', colony.address]);
  t.is(
    stdout,
    [
      'FUNCTION           SIZE  INLINED  PLACE',
      'main.Checkout       640        2  main.go:12',
      'main.validateCard   320        -  main.go:88',
      '',
    ].join('\n'),
  );
});

test('of a program without names that is said, and where names may be', async (t) => {
  const none = { line: new Uint32Array(), size: new Uint32Array(), inlined: new Uint32Array(), offset: new Float64Array() };
  const chunk = encodeFunctionIndex({ names: [], files: [], file: new Uint32Array(), ...none });
  const colony = await colonyOf(t, {
    async *listFunctions() {
      yield { serviceName: 'shop', buildId: 'b1', count: 0, encoding: FUNCTION_INDEX_ENCODING, chunk };
    },
  });
  const { stdout } = await runCommand('functions', ['shop', '--colony', colony.address]);
  t.regex(stdout, /names no functions: it is stripped.*\n.*--function 'LIBRARY:\*'/);
});

test('functions as JSON say whether and how each can be probed; only those that match are looked at', async (t) => {
  const explained = { serviceName: 'shop', buildId: 'b1', functions: [plan('main.validateCard')] };
  const colony = await colonyOf(t, { listFunctions: indexPieces, explainFunction: () => explained });
  const argv = ['shop', '--match', 'Card', '--format', 'json', '--colony', colony.address];
  const { stdout } = await runCommand('functions', argv);
  const answer = JSON.parse(stdout);
  t.like(answer, { service: 'shop', build_id: 'b1' });
  t.deepEqual(answer.functions, [
    {
      name: 'main.validateCard',
      offset: 64,
      file: 'main.go',
      line: 7,
      size: 32,
      language: 'go',
      probeable: true,
      reason: null,
      entry_cost: 'emulated',
      how: 'timed',
      return_sites: 1,
      inlined_copies: 0,
      image: '/bin/shop',
    },
  ]);
  t.like(colony.calls.at(-1), { rpc: 'explainFunction', request: { functions: ['main.validateCard'] } });
});

test('--explain adds the proof of each site', async (t) => {
  const proven = plan('main.validateCard');
  proven.sites[0] = { ...proven.sites[0]!, bytes: '55', proof: ['first instruction after the stack check'] };
  const colony = await colonyOf(t, { explainFunction: () => ({ buildId: 'b1', functions: [proven] }) });
  const argv = ['shop', '--function', 'validateCard', '--explain', '--colony', colony.address];
  const table = (await runCommand('functions', argv)).stdout;
  t.true(table.includes('entry'));
  t.true(table.includes('- first instruction after the stack check'));
  const json = JSON.parse((await runCommand('functions', [...argv, '--format', 'json'])).stdout);
  t.like(json.functions[0].sites[0], { bytes: '55', stack_depth: 0, proof: ['first instruction after the stack check'] });
});

test('a pattern that is none is wrong usage', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('functions', ['shop', '--match', '(']));
  t.is(error?.code, 'USAGE');
});

test('a pattern that would try for ever is wrong usage', async (t) => {
  const explained = { serviceName: 'shop', buildId: 'b1', functions: [plan(`main.${'a'.repeat(80)}`)] };
  const colony = await colonyOf(t, { explainFunction: () => explained });
  const argv = ['shop', '--function', 'main.*', '--match', '(\\w+)+=', '--format', 'json', '--colony', colony.address];
  const error = await t.throwsAsync<CoralError>(runCommand('functions', argv));
  t.is(error?.code, 'USAGE');
  t.is(error?.message, "--match '(\\w+)+=' takes too long");
});

test('running sessions as JSON', async (t) => {
  const colony = await colonyOf(t, { listDebugSessions: () => ({ sessions: [SESSION] }) });
  const { stdout } = await runCommand('debug list', ['--format', 'json', '--colony', colony.address]);
  t.deepEqual(JSON.parse(stdout), {
    sessions: [
      {
        session_id: 'dbg-1',
        service: 'shop',
        function: 'main.Checkout',
        functions: ['main.Checkout', 'main.pay'],
        agent: 'host-a',
        pids: [10],
        started_at: '2026-11-23T08:00:00.000000005Z',
        expires_at: '2026-11-23T08:01:00.000000000Z',
        status: 'active',
        requested_by: 'ann',
        event_count: 0,
      },
    ],
  });
});

test('no session is said in words', async (t) => {
  const colony = await colonyOf(t, { listDebugSessions: () => ({}) });
  t.is((await runCommand('debug list', ['--colony', colony.address])).stdout, 'No debug sessions.\n');
});

test('detach names what it ended', async (t) => {
  const colony = await colonyOf(t, { detachUprobe: () => ({ success: true, sessions: [SESSION] }) });
  const { stdout } = await runCommand('debug detach', ['shop', '--all', '--colony', colony.address]);
  t.is(stdout, 'Detached dbg-1: main.Checkout +1 of shop\n');
  t.like(colony.calls[0], { request: { serviceName: 'shop', all: true, sessionId: '' } });
});

test('detach wants to know which', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('debug detach', ['shop']));
  t.like(error, { code: 'USAGE', message: 'debug detach: give either --session-id ID or --all' });
});

test('a query prints a row a session, the newest document, or all', async (t) => {
  const documents = [documentOf('dbg-2', [1000, 2000]), documentOf('dbg-1', [5000])].map(encodeSnapshot);
  const entries = documents.map((text) => ({ snapshot: Buffer.from(text) }));
  const colony = await colonyOf(t, { queryHistory: () => ({ entries }) });
  const argv = ['shop', '--function', 'Checkout', '--since', '1h', '--colony', colony.address];
  const table = (await runCommand('debug query', argv)).stdout.split('\n');
  t.is(table.length, 4);
  t.regex(table[1] ?? '', /^2026-11-23 08:00:00 {2}dbg-2 {4}main\.Checkout +2 /);
  t.is((await runCommand('debug query', [...argv, '--format', 'json'])).stdout, `${documents[0]}\n`);
  t.is((await runCommand('debug query', [...argv, '--format', 'ndjson'])).stdout, `${documents[0]}\n${documents[1]}\n`);
});

test('a query that finds nothing is NO_HISTORY', async (t) => {
  const colony = await colonyOf(t, { queryHistory: () => ({}) });
  const error = await t.throwsAsync<CoralError>(
    runCommand('debug query', ['shop', '--function', 'f', '--colony', colony.address]),
  );
  t.like(error, { code: 'NO_HISTORY', exitCode: 3, message: 'no session of the last 24h00m measured f of shop' });
});

test('two files are compared without a colony', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-diff-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const paths = ['a', 'b'].map((name) => join(directory, name));
  const fast = Array.from({ length: 500 }, (_, i) => 1_000_000 + i);
  writeFileSync(paths[0]!, encodeSnapshot(documentOf('dbg-a', fast)));
  writeFileSync(
    paths[1]!,
    `{"type":"session"}\n${encodeSnapshot(
      documentOf(
        'dbg-b',
        fast.map((ns) => ns * 2),
      ),
    )}\n`,
  );
  const { stdout } = await runCommand('debug diff', [...paths, '--format', 'json']);
  const { functions } = JSON.parse(stdout);
  t.like(functions[0], { name: 'main.Checkout', significant: true });
  t.true(Math.abs(functions[0].change.p50 - 1) < 0.05);
});

test('a file that is no snapshot is refused with the place of the fault', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-diff-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'a');
  writeFileSync(path, '{"type":"other"}');
  const error = await t.throwsAsync<CoralError>(runCommand('debug diff', [path, path]));
  t.like(error, { code: 'BAD_SNAPSHOT', exitCode: 1 });
});

test('export prints the document of a session', async (t) => {
  const text = encodeSnapshot(documentOf('dbg-1', [1]));
  const colony = await colonyOf(t, { getSnapshot: () => ({ snapshot: Buffer.from(text) }) });
  t.is((await runCommand('export', ['dbg-1', '--as', 'json', '--colony', colony.address])).stdout, `${text}\n`);
  const error = await t.throwsAsync<CoralError>(runCommand('export', ['dbg-1', '--as', 'svg', '--colony', colony.address]));
  t.is(error?.code, 'NOT_IMPLEMENTED');
});

test('trace says that it is not there yet, and what to do instead', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('debug trace', ['shop', '--path', '/checkout']));
  t.like(error, { code: 'NOT_IMPLEMENTED', exitCode: 4 });
  t.true(error?.hint.includes("coral debug attach shop --function 'main.*'"));
});

test('doctor shows agents, their checks with fixes, and what a probe costs', async (t) => {
  const check = { name: 'uprobe_multi', ok: false, detail: 'not in this kernel', fix: 'Linux 6.6' };
  const agent = {
    agentId: 'host-a',
    state: 'linked',
    kernel: '6.1',
    canDebugUprobes: true,
    emulatedHitNs: 550,
    returnPairNs: 1200,
  };
  const status = () => ({ version: 'fake', pid: 7, historyPath: '/h', agents: [{ ...agent, checks: [check] }] });
  const colony = await colonyOf(t, { getStatus: status });
  const environment = { CORAL_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'coral-doctor-')) };
  t.teardown(() => rmSync(environment.CORAL_RUNTIME_DIR, { recursive: true }));
  const { status: exit, stdout } = await runCommand('doctor', ['--format', 'json', '--colony', colony.address], { environment });
  const report = JSON.parse(stdout);
  t.is(exit, 1);
  t.like(report, { ok: false, calibration: { emulated_hit_ns: 550, stepped_hit_ns: 0, return_pair_ns: 1200 } });
  t.deepEqual(report.checks.at(-1), { name: 'uprobe_multi', ok: false, detail: 'not in this kernel', fix: 'Linux 6.6' });
});

test('doctor without a colony reports that as a finding', async (t) => {
  const { status, stdout } = await runCommand('doctor', ['--format', 'json', '--colony', '127.0.0.1:1']);
  t.is(status, 1);
  t.like(JSON.parse(stdout).checks.at(-1), { name: 'colony and agent', ok: false });
});

for (const [line, choices] of [
  ['coral serv', 'services'],
  ['coral debug de', 'detach'],
  ['coral debug attach x --sa', '--sample-rate'],
  ['coral debug attach x --format n', 'ndjson'],
  ['coral debug attach --help', '--help'],
] as const) {
  test(`bash completes: ${line}`, async (t) => {
    const { stdout } = await runCommand('completion', ['bash']);
    const words = line.split(' ');
    const script = `${stdout}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _coral; echo "\${COMPREPLY[*]}"`;
    t.is(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim(), choices);
  });
}
