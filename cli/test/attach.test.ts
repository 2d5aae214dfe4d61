import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { packCalls } from '../../snapshots/columns/calls.js';
import { plan, STARTED_NS, sessionInfo, tickOf } from '../../snapshots/ledger/fixture.js';
import { SessionLedger } from '../../snapshots/ledger/session-ledger.js';
import { type FakeColony, startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

const INFO = sessionInfo([plan('main.Checkout')]);
const TRUTH = [{ slot: 0, durationsNs: [1_000_000, 2_000_000, 3_000_000], inFlight: 1 }];
const TICK = tickOf('', 1, TRUTH, { losses: [{ reason: 'ring_full', count: 2 }] });
const CALL = {
  row: 0,
  atNs: STARTED_NS,
  durationNs: 3_000_000,
  goroutine: 17n,
  thread: 12,
  pid: 10,
  callId: 2n ** 63n,
  flags: 1,
};

type Ending = 'expired' | 'detached' | 'target_exited' | 'agent_lost';

/** What the colony would send at the end of this session. */
function document(ending: Ending): Buffer {
  const ledger = SessionLedger.watching(INFO);
  ledger.apply(TICK);
  return Buffer.from(JSON.stringify(ledger.snapshot(ending)));
}

/** A watched session: armed, one tick, one call, one notice, then `pause`, then the document. */
async function* frames(ending: Ending, pause: Promise<unknown> = Promise.resolve()) {
  yield { update: { $case: 'session', value: INFO } };
  yield { update: { $case: 'tick', value: TICK } };
  yield { update: { $case: 'calls', value: packCalls([CALL]) } };
  yield { update: { $case: 'notice', value: { at: { seconds: 1, nanos: 5 }, code: 'BUDGET', message: 'returns windowed' } } };
  await pause;
  yield { update: { $case: 'snapshot', value: document(ending) } };
}

async function colonyWith(answers: Parameters<typeof startFakeColony>[0]): Promise<FakeColony> {
  return startFakeColony({ openSession: () => ({ session: INFO }), ...answers });
}

const attach = (colony: FakeColony, ...more: string[]) => ['shop', '--function', 'Checkout', '--colony', colony.address, ...more];
const linesOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('ndjson has the session first, then ticks, calls and notices, and the document last', async (t) => {
  let release = (): void => {};
  const ticked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const colony = await colonyWith({ watchSession: () => frames('expired', ticked) });
  t.teardown(colony.stop);
  const onOutput = (text: string): void => {
    if (text.includes('"type":"tick"')) release();
  };
  const argv = attach(colony, '--format', 'ndjson', '--interval', '20ms');
  const { status, stdout } = await runCommand('debug attach', argv, { onOutput });
  const lines = linesOf(stdout);
  t.is(status, 0);
  t.like(lines[0], {
    type: 'session',
    session_id: 'dbg-1',
    pids: [10],
    expires_at: '2026-11-23T08:01:00.000000000Z',
    refused: [],
  });
  t.deepEqual(
    lines[0].functions[0].sites.map(({ role, offset }: { role: string; offset: number }) => [role, offset]),
    [
      ['entry', 65],
      ['return', 90],
    ],
  );
  const tick = lines.find(({ type }) => type === 'tick');
  t.like(tick, { at: '2026-11-23T08:00:00.200000000Z', losses: { ring_full: 2 } });
  t.like(tick.functions[0], { name: 'main.Checkout', calls: 4, returns: 3, in_flight: 1, unwound: 0, rate_per_s: 20 });
  t.is(tick.functions[0].since_start.max_ns, 3_000_000);
  t.like(
    lines.find(({ type }) => type === 'call'),
    {
      call_id: '9223372036854775808',
      function: 'main.Checkout',
      at: '2026-11-23T08:00:00.000000000Z',
      duration_ns: 3_000_000,
      goroutine: 17,
      thread: 12,
    },
  );
  t.deepEqual(
    lines.find(({ type }) => type === 'notice'),
    {
      type: 'notice',
      at: '1970-01-01T00:00:01.000000005Z',
      code: 'BUDGET',
      message: 'returns windowed',
    },
  );
  t.deepEqual(lines.at(-1), JSON.parse(document('expired').toString()));
});

test('json prints the document and nothing else on stdout', async (t) => {
  const colony = await colonyWith({ watchSession: () => frames('target_exited') });
  t.teardown(colony.stop);
  const { status, stdout } = await runCommand('debug attach', attach(colony, '--format', 'json'));
  t.is(status, 0);
  t.is(stdout, `${document('target_exited')}\n`);
});

test('the table ends with counts, percentiles, losses and what the probes cost', async (t) => {
  const colony = await colonyWith({ watchSession: () => frames('expired') });
  t.teardown(colony.stop);
  const { stdout, stderr } = await runCommand('debug attach', attach(colony));
  t.is(
    stdout,
    [
      ' 3.00ms  main.Checkout  goroutine 17',
      '',
      'FUNCTION       CALLS  RETURNS  OPEN  UNWOUND     P50     P95     P99     MAX',
      'main.Checkout      4        3     1        0  2.02ms  3.00ms  3.00ms  3.00ms',
      '',
      'lost: 2 (ring_full)',
      'Session dbg-1 on shop (pid 10) ran 200ms, to its end.',
      'Probes: 0 hits, 0.00 % of one CPU, 0.00 % of the target.',
      '',
    ].join('\n'),
  );
  t.is(stderr[0], 'Session dbg-1, 1m00s (Ctrl-C ends it early)\nmain.Checkout of shop (pid 10)');
});

test('an interruption detaches, prints the document and is no failure', async (t) => {
  const interruption = new AbortController();
  let detached = (): void => {};
  const detaching = new Promise<void>((resolve) => {
    detached = resolve;
  });
  const colony = await colonyWith({
    watchSession: () => frames('detached', detaching),
    detachUprobe: () => {
      detached();
      return { success: true };
    },
  });
  t.teardown(colony.stop);
  const argv = attach(colony, '--format', 'ndjson');
  const { status, stdout } = await runCommand('debug attach', argv, {
    interruption: interruption.signal,
    onOutput: () => interruption.abort('SIGINT'),
  });
  t.is(status, 0);
  t.is(linesOf(stdout).at(-1).end_reason, 'detached');
  t.like(colony.calls.at(-1), { rpc: 'detachUprobe', request: { sessionId: 'dbg-1', interrupted: true } });
});

test('an interruption of a session that has just ended waits for its document', async (t) => {
  const interruption = new AbortController();
  let refused = (): void => {};
  const refusal = new Promise<void>((resolve) => {
    refused = () => setTimeout(resolve, 100);
  });
  const colony = await colonyWith({
    watchSession: () => frames('expired', refusal),
    detachUprobe: () => {
      refused();
      throw new CoralError('SESSION_NOT_FOUND', 'session dbg-1: it has ended', '`coral debug list --ended` shows the sessions');
    },
  });
  t.teardown(colony.stop);
  const { status, stdout } = await runCommand('debug attach', attach(colony, '--format', 'ndjson'), {
    interruption: interruption.signal,
    onOutput: () => interruption.abort('SIGINT'),
  });
  t.is(status, 0);
  t.is(linesOf(stdout).at(-1).end_reason, 'expired');
});

test('a lost agent is exit 5, after the document', async (t) => {
  const colony = await colonyWith({ watchSession: () => frames('agent_lost') });
  t.teardown(colony.stop);
  let stdout = '';
  const onOutput = (text: string): void => {
    stdout += text;
  };
  const error = await t.throwsAsync<CoralError>(runCommand('debug attach', attach(colony, '--format', 'json'), { onOutput }));
  t.is(JSON.parse(stdout).end_reason, 'agent_lost');
  t.like(error, {
    code: 'AGENT_UNREACHABLE',
    exitCode: 5,
    message: 'session dbg-1 lost its agent a after 200ms; the figures are those of its last tick',
  });
});

test('a private colony that dies leaves what it told, and exit 5', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-dying-'));
  const agent = createServer().listen(join(directory, 'agent.sock'));
  const colony = await startFakeColony(
    {
      getStatus: () => ({ version: 'fake', agents: [{ agentId: 'a', state: 'linked' }] }),
      openSession: () => ({ session: INFO }),
      watchSession: () => frames('expired', new Promise(() => {})),
    },
    directory,
  );
  t.teardown(() => agent.close());
  let stdout = '';
  const onOutput = (text: string): void => {
    stdout += text;
    if (text.includes('"notice"')) colony.stop();
  };
  const environment = { CORAL_RUNTIME_DIR: directory, USER: 'tester' };
  const argv = ['shop', '--function', 'Checkout', '--format', 'ndjson'];
  const error = await t.throwsAsync<CoralError>(runCommand('debug attach', argv, { onOutput, environment }));
  t.like(error, {
    code: 'COLONY_UNREACHABLE',
    exitCode: 5,
    message: 'session dbg-1 lost its colony after 200ms; the figures are those of the last tick',
  });
  const last = linesOf(stdout).at(-1);
  t.like(last, { type: 'snapshot', end_reason: 'agent_lost' });
  t.is(last.functions[0].calls, 4);
});

test('the request carries every option, and the session is attended', async (t) => {
  const colony = await colonyWith({ watchSession: () => frames('expired') });
  t.teardown(colony.stop);
  const options =
    '--function pay --duration 1m30s --pid 10 --sample-rate 7 --slower-than 50ms --filter user=ann --filter x==1 ' +
    '--capture-args --capture-return --returns sites --budget 2.5 --max-slow 3 --require-all';
  await runCommand('debug attach', attach(colony, ...options.split(' ')));
  t.like(colony.calls[0]?.request, {
    serviceName: 'shop',
    functions: ['Checkout', 'pay'],
    duration: { seconds: 90, nanos: 0 },
    pids: [10],
    requestedBy: 'tester',
    attended: true,
    dryRun: false,
    config: {
      sampleRate: 7,
      slowerThanNs: 50_000_000,
      filters: { user: 'ann' },
      filterExpressions: ['x==1'],
      captureArgs: true,
      captureReturn: true,
      returns: 'sites',
      budgetPercent: 2.5,
      maxSlow: 3,
      requireAll: true,
      countOnly: false,
    },
  });
});

test('a dry run prints sites with their proof and arms nothing', async (t) => {
  const colony = await colonyWith({ openSession: () => ({ session: INFO, estimatedHitCostNs: 1100 }) });
  t.teardown(colony.stop);
  const { stdout } = await runCommand('debug attach', attach(colony, '--dry-run', '--format', 'json'));
  const plan = JSON.parse(stdout);
  t.like(plan, { refused: [], estimated_hit_cost_ns: 1100, calls_per_s_in_budget: 9091 });
  t.like(plan.functions[0].sites[0], { role: 'entry', instruction: 'push rbp', stack_depth: 0, proof: [] });
  t.deepEqual(
    colony.calls.map(({ rpc }) => rpc),
    ['openSession'],
  );
});

test('a dry run says up to which rate its budget lasts', async (t) => {
  const colony = await colonyWith({ openSession: () => ({ session: INFO, estimatedHitCostNs: 10_000 }) });
  t.teardown(colony.stop);
  const said = async (...options: string[]) => (await runCommand('debug attach', attach(colony, '--dry-run', ...options))).stdout;
  t.regex(await said(), /about 10\.0us\.\n.* more than 1,000 calls a second .*: 1 % of one CPU\)\.\nNothing was armed\.\n$/);
  t.regex(await said('--budget', '2.5'), /more than 2,500 calls a second .*: 2\.5 % of one CPU/);
  t.notRegex(await said('--budget', 'unlimited'), /windowed/);
});

test('more than ten minutes is refused before anything is started', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('debug attach', ['shop', '--function', 'f', '--duration', '11m']), {
    instanceOf: CoralError,
  });
  t.like(error, { code: 'LIMIT_EXCEEDED', exitCode: 4, details: { limit_ns: 600e9 } });
});

for (const [argv, message] of [
  [['shop'], 'debug attach: --function is missing: name at least one function'],
  [
    ['shop', '--function', 'f', '--duration', '10'],
    'debug attach: --duration is a duration above zero, like 500ms, 10s or 2m, got "10"',
  ],
  [['shop', '--function', 'f', '--sample-rate', '0'], 'debug attach: --sample-rate is 1 in N with N from 1 up, got "0"'],
  [['shop', '--function', 'f', '--interval', '1ns'], 'debug attach: --interval is at least 10.0ms, got 1ns'],
  [
    ['shop', '--function', 'f', '--budget', '0'],
    'debug attach: --budget is a percentage of one CPU above 0, or unlimited, got "0"',
  ],
  [
    ['shop', '--function', 'f', '--sample-rate', '1.5'],
    'debug attach: --sample-rate is a whole number from 0 to 4294967295, got "1.5"',
  ],
  [['shop', '--function', 'f', '--returns', 'all'], 'debug attach: --returns is one of auto, sites, session, got "all"'],
  [[], 'debug attach: SERVICE is missing'],
  [['shop', 'f'], 'debug attach: unexpected argument "f"'],
] as const) {
  test(`wrong usage is said: ${message}`, async (t) => {
    const error = await t.throwsAsync<CoralError>(runCommand('debug attach', argv), { instanceOf: CoralError });
    t.like(error, { code: 'USAGE', message, exitCode: 2 });
  });
}
