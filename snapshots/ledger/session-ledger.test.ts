import test from 'ava';
import { packCalls } from '../columns/calls.js';
import { OTHER_ROW } from '../columns/tree.js';
import { packU64 } from '../columns/words.js';
import { plan, STARTED_NS, sessionInfo, tickOf, treeOf } from './fixture.js';
import type { Row } from './row.js';
import { SessionLedger } from './session-ledger.js';
import { tickLine } from './tick-line.js';

const holds = (row: Row): boolean => row.calls === row.returns + row.inFlight + row.unwound + row.untracked;

/** Two agents; agent a has Checkout in two processes. */
function twoAgents(): SessionLedger {
  const ledger = new SessionLedger(sessionInfo([], ['a', 'b']), 2);
  ledger.addPart('a', [plan('main.Checkout', 10), plan('main.pay', 10), plan('main.Checkout', 11)]);
  ledger.addPart('b', [plan('main.pay', 10)]);
  return ledger;
}

test('Rows are sums over agents and processes, and keep the sum of calls', (t) => {
  const ledger = twoAgents();
  ledger.apply(
    tickOf('a', 1, [
      { slot: 0, durationsNs: [100, 300], inFlight: 1 },
      { slot: 1, durationsNs: [50], unwound: 2 },
      { slot: 2, durationsNs: [900] },
    ]),
  );
  ledger.apply(tickOf('b', 1, [{ slot: 0, durationsNs: [70, 60], untracked: 4 }]));
  const [checkout, pay] = ledger.rows();
  t.like(checkout, { name: 'main.Checkout', calls: 4, returns: 3, inFlight: 1, sumNs: 1300n, minNs: 100, maxNs: 900 });
  t.like(pay, { name: 'main.pay', calls: 9, returns: 3, unwound: 2, untracked: 4, sumNs: 180n, minNs: 50, maxNs: 70 });
  t.true(ledger.rows().every(holds));
});

test('Ticks may be repeated, lost and late', (t) => {
  const ledger = twoAgents();
  const second = tickOf('b', 2, [{ slot: 0, durationsNs: [1, 2, 3] }]);
  t.true(ledger.apply(second));
  t.false(ledger.apply(second));
  t.false(ledger.apply(tickOf('b', 1, [{ slot: 0, durationsNs: [1] }])));
  t.is(ledger.rows()[1]?.calls, 3);
});

test('A tick that does not fit is refused whole', (t) => {
  const ledger = twoAgents();
  ledger.apply(tickOf('b', 1, [{ slot: 0, durationsNs: [5, 5] }]));
  const bad = [
    tickOf('b', 2, [
      { slot: 0, durationsNs: [5, 5, 5] },
      { slot: 1, durationsNs: [] },
    ]),
    tickOf('b', 2, [{ slot: 0, durationsNs: [5] }]),
    tickOf('b', 2, [{ slot: 0, durationsNs: [5, 6] }]),
    tickOf('b', 2, [], { tree: treeOf([[3, 2, 0, 1, 1, 1, 0]]) }),
    tickOf('b', 2, [], {
      tree: treeOf([
        [3, 2, 0, 1, 1, 1, 0],
        [2, 3, 0, 1, 1, 1, 0],
      ]),
    }),
    tickOf('b', 2, [], { tree: treeOf([], [{ id: 3, function: 'main.serve', calls: 1 }]) }),
    tickOf('b', 2, [], { siteHits: packU64([1, 2, 3]) }),
  ];
  const messages = [
    'a tick of "b" has a function of slot 1, of 1 slots',
    'slot 0: calls went from 2 down to 1',
    'slot 0: bucket 5 went from 2 down to 1',
    'tree node 3 names parent 2, which was never sent',
    'tree node 3 is its own ancestor',
    'tree node 3 has starters, but was never sent',
    'column siteHits has 3 values for 2',
  ];
  t.deepEqual(
    bad.map((tick) => t.throws(() => ledger.apply(tick)).message),
    messages,
  );
  t.is(ledger.rows()[1]?.calls, 2);
  t.throws(() => ledger.apply(tickOf('c', 1, [])), { message: 'agent "c" has no part in session dbg-1' });
});

test('Roots that differ in what started their goroutine are one node, which names the starters', (t) => {
  const ledger = twoAgents();
  const roots = treeOf(
    [
      [2, 0, 0, 5, 50, 50, 0],
      [3, 0, 0, 1, 10, 10, 0],
      [4, 0, 0, 2, 20, 20, 0],
    ],
    [
      { id: 2, function: 'main.serve', calls: 5 },
      { id: 3, function: 'main.retry', calls: 1 },
    ],
  );
  ledger.apply(tickOf('a', 1, [], { tree: roots }));
  const more = treeOf([[3, 0, 0, 9, 90, 90, 0]], [{ id: 3, function: 'main.retry', calls: 9 }]);
  ledger.apply(tickOf('a', 2, [], { tree: more }));
  const [root, ...others] = ledger.snapshot().tree;
  t.deepEqual(others, []);
  const startedBy = [
    { function: 'main.retry', calls: 9 },
    { function: 'main.serve', calls: 5 },
  ];
  t.like(root, { parent: null, function: 'main.Checkout', calls: 16, total_ns: 160, started_by: startedBy });

  const watcher = SessionLedger.watching(ledger.info, 2);
  watcher.apply(ledger.tick());
  t.deepEqual(watcher.snapshot().tree, ledger.snapshot().tree);
});

test('Trees merge by path of functions, though ids differ', (t) => {
  const ledger = twoAgents();
  ledger.apply(
    tickOf('a', 1, [], {
      tree: treeOf([
        [7, 5, 1, 2, 20, 20, 0],
        [5, 0, 0, 1, 50, 30, 1],
        [9, 0, 2, 3, 5, 5, 0],
        [1, 0, OTHER_ROW, 1, 1, 1, 0],
      ]),
    }),
  );
  ledger.apply(tickOf('a', 2, [], { tree: treeOf([[7, 5, 1, 4, 44, 44, 0]]) }));
  ledger.apply(tickOf('b', 1, [], { tree: treeOf([[2, 0, 0, 10, 100, 100, 0]]) }));
  t.deepEqual(
    ledger.snapshot().tree.map(({ parent, function: name, calls, total_ns, open }) => [parent, name, calls, total_ns, open]),
    [
      [null, 'main.Checkout', 4, 55, 1],
      [1, 'main.pay', 4, 44, 0],
      [null, '(other)', 1, 1, 0],
      [null, 'main.pay', 10, 100, 0],
    ],
  );
});

test('The slowest calls are kept a row, over all agents', (t) => {
  const ledger = twoAgents();
  const call = (row: number, durationNs: number) => ({
    row,
    atNs: STARTED_NS,
    durationNs,
    goroutine: 3n,
    thread: 10,
    pid: 10,
    callId: BigInt(durationNs),
    flags: 1,
  });
  ledger.apply(tickOf('a', 1, [], { slowCalls: packCalls([call(1, 5), call(1, 9), call(0, 1), call(2, 4)]) }));
  ledger.apply(
    tickOf('b', 1, [], { slowCalls: packCalls([{ ...call(0, 7), arguments: [{ name: 'n', type: 'int', value: 1 }] }]) }),
  );
  const slow = ledger.snapshot().slow_calls;
  t.deepEqual(
    slow.map((one) => [one.function, one.duration_ns]),
    [
      ['main.pay', 9],
      ['main.pay', 7],
      ['main.Checkout', 4],
      ['main.Checkout', 1],
    ],
  );
  t.deepEqual(slow[1]?.arguments, [{ name: 'n', type: 'int', value: 1 }]);
});

test('A frozen agent keeps its calls and is marked lost, until it is heard again', (t) => {
  const ledger = twoAgents();
  ledger.apply(tickOf('b', 1, [{ slot: 0, durationsNs: [5] }]));
  ledger.freezeAgent('b');
  t.is(ledger.rows()[1]?.calls, 1);
  t.deepEqual(
    ledger.snapshot().agents?.find((agent) => agent.agent_id === 'b'),
    { agent_id: 'b', state: 'lost', reason: 'the agent is gone' },
  );
  ledger.apply(tickOf('b', 2, [{ slot: 0, durationsNs: [5, 6] }]));
  t.is(ledger.snapshot().agents?.find((agent) => agent.agent_id === 'b')?.state, 'armed');
});

test('Slots that join late add to their function’s row', (t) => {
  const ledger = twoAgents();
  const before = ledger.info;
  ledger.growPart('b', [plan('main.Checkout', 12), plan('main.refund', 12)]);
  t.not(ledger.info, before);
  ledger.apply(
    tickOf('b', 1, [
      { slot: 1, durationsNs: [8] },
      { slot: 2, durationsNs: [], inFlight: 1 },
    ]),
  );
  t.deepEqual(
    ledger.rows().map((row) => [row.name, row.calls]),
    [
      ['main.Checkout', 1],
      ['main.pay', 0],
      ['main.refund', 1],
    ],
  );
});

test('Hits, waits, losses and cost add up', (t) => {
  const ledger = twoAgents();
  const overhead = {
    hits: 10,
    waitingHits: 4,
    costNs: 5000,
    percentOfOneCpu: 1,
    percentOfTarget: 2,
    emulatedHitNs: 550,
    steppedHitNs: 10_400,
    budgetPercent: 5,
    steps: [],
    rowCostNs: packU64([5000]),
  };
  ledger.apply(
    tickOf('a', 5, [], {
      siteHits: packU64([1, 2, 3, 4, 5, 6]),
      losses: [{ reason: 'ring_full', count: 2 }],
      waiting: [{ row: 1, reason: 'network', count: 3, totalNs: 30 }],
      overhead,
    }),
  );
  ledger.apply(
    tickOf('b', 5, [], {
      siteHits: packU64([100, 200]),
      losses: [
        { reason: 'ring_full', count: 1 },
        { reason: 'nodes_full', count: 0 },
      ],
      waiting: [{ row: 0, reason: 'network', count: 1, totalNs: 5 }],
      overhead,
    }),
  );
  const [checkout, pay] = ledger.snapshot().functions;
  t.deepEqual(
    checkout?.sites.map((site) => site.hits),
    [6, 8],
  );
  t.deepEqual(
    pay?.sites.map((site) => site.hits),
    [103, 204],
  );
  t.deepEqual(pay?.waiting, [{ reason: 'network', count: 4, total_ns: 35 }]);
  t.deepEqual(ledger.snapshot().losses, { ring_full: 3 });
  t.like(ledger.snapshot().overhead, {
    hits: 20,
    waiting_hits: 8,
    cost_ns: 10_000,
    percent_of_one_cpu: 0.001,
    percent_of_target: 2,
    budget_percent: 5,
  });
});

test('A share of targets whose own time is not known is left out', (t) => {
  const ledger = twoAgents();
  const cost = { hits: 10, waitingHits: 0, costNs: 5000, percentOfOneCpu: 1, percentOfTarget: 0 };
  const overhead = { ...cost, emulatedHitNs: 550, steppedHitNs: 10_400, budgetPercent: 5, steps: [], rowCostNs: packU64([5000]) };
  ledger.apply(tickOf('a', 5, [], { overhead }));
  t.false('percent_of_target' in ledger.snapshot().overhead);
  t.false('waiting_hits' in ledger.snapshot().overhead);
});

test('Processes are kept apart where there are several', (t) => {
  const ledger = twoAgents();
  ledger.apply(
    tickOf('a', 1, [
      { slot: 0, durationsNs: [1] },
      { slot: 2, durationsNs: [2, 3] },
    ]),
  );
  ledger.apply(tickOf('b', 1, [{ slot: 0, durationsNs: [4] }]));
  const calls = ledger.snapshot().by_pid?.map(({ pid, functions }) => [pid, functions.map((one) => [one.name, one.calls])]);
  t.deepEqual(calls, [
    [
      10,
      [
        ['main.Checkout', 1],
        ['main.pay', 1],
      ],
    ],
    [11, [['main.Checkout', 2]]],
  ]);
});

test('A watcher’s ledger, fed by ticks of changes, has the same snapshot', (t) => {
  const ledger = twoAgents();
  const watcher = SessionLedger.watching(ledger.info, 2);
  let known = 0;
  for (const seq of [1, 2, 3, 4, 5, 6]) {
    ledger.apply(
      tickOf('a', seq, [{ slot: seq % 3, durationsNs: Array(seq).fill(5000) }], {
        tree: treeOf([[2, 0, 0, seq, seq, seq, 0]]),
        siteHits: packU64([seq, seq, 0, 0, 1, 1]),
      }),
    );
    ledger.apply(tickOf('b', seq, [{ slot: 0, durationsNs: Array(seq).fill(77) }], { tree: treeOf([[1, 0, 0, 1, 1, 1, 0]]) }));
    const tick = ledger.tick(known);
    if (seq !== 4) watcher.apply(tick);
    if (seq !== 4) known = tick.seq;
  }
  const { by_pid: _, timeline: ours, ...expected } = ledger.snapshot('expired');
  const { timeline: theirs, ...seen } = watcher.snapshot('expired');
  t.deepEqual(seen, expected);
  t.is(theirs.length, ours.length);
});

test('A tick of nothing new is small', (t) => {
  const ledger = twoAgents();
  ledger.apply(tickOf('a', 1, [{ slot: 0, durationsNs: [1] }]));
  const tick = ledger.tick(ledger.revision);
  t.is(tick.functions?.row.length, 0);
  t.is(tick.tree?.id.length, 0);
});

test('The timeline has a point a second, and its calls add up to the session’s', (t) => {
  const ledger = new SessionLedger(sessionInfo([plan('f')]));
  ledger.addPart('a', [plan('f')]);
  const durationsNs: number[] = [];
  for (let seq = 1; seq <= 14; seq++) {
    durationsNs.push(seq <= 5 ? 1_000 : 50_000);
    ledger.apply(tickOf('a', seq, [{ slot: 0, durationsNs: [...durationsNs] }]));
  }
  const { timeline, functions } = ledger.snapshot('expired');
  t.deepEqual(
    timeline.map((point) => point.functions[0]?.calls),
    [5, 5, 4],
  );
  t.is(timeline[0]?.at, '2026-11-23T08:00:01.000000000Z');
  t.is(timeline[0]?.functions[0]?.max_ns, 1_000);
  t.true(Math.abs((timeline[1]?.functions[0]?.p50_ns as number) - 50_000) < 50_000 / 64);
  t.is(functions[0]?.calls, 14);
});

test('What happened before a ledger listened is in no second of it', (t) => {
  const ledger = new SessionLedger(sessionInfo([plan('f')]));
  ledger.addPart('a', [plan('f')]);
  ledger.apply(tickOf('a', 150, [{ slot: 0, durationsNs: Array(1000).fill(5) }]));
  ledger.apply(tickOf('a', 156, [{ slot: 0, durationsNs: Array(1003).fill(5) }]));
  t.deepEqual(
    ledger.snapshot().timeline.map((point) => point.functions[0]?.calls),
    [0, 3],
  );
});

test('A session of ten minutes has 600 points', (t) => {
  const ledger = new SessionLedger(sessionInfo([plan('f')]));
  ledger.addPart('a', [plan('f')]);
  for (let seq = 1; seq <= 620; seq++)
    ledger.apply(tickOf('a', seq, [{ slot: 0, durationsNs: Array(seq).fill(9) }], { elapsedNs: seq * 1e9 }));
  const { timeline } = ledger.snapshot();
  t.is(timeline.length, 600);
  t.is(
    timeline.reduce((sum, point) => sum + (point.functions[0]?.calls as number), 0),
    620,
  );
});

test('A tick line has the rate and percentiles of the tick, and those since the start', (t) => {
  const ledger = new SessionLedger(sessionInfo([plan('f')]));
  ledger.addPart('a', [plan('f')]);
  ledger.apply(tickOf('a', 1, [{ slot: 0, durationsNs: [10, 10, 10, 10], inFlight: 1 }]));
  const before = ledger.rows();
  ledger.apply(tickOf('a', 2, [{ slot: 0, durationsNs: [10, 10, 10, 10, 30, 31] }]));
  const [line] = tickLine(before, ledger.rows(), 500_000_000);
  t.like(line, { name: 'f', calls: 6, returns: 6, in_flight: 0, unwound: 0, rate_per_s: 2 });
  t.deepEqual(line?.tick, { calls: 1, returns: 2, p50_ns: 30, p90_ns: 31, p95_ns: 31, p99_ns: 31, max_ns: 31 });
  t.deepEqual(line?.since_start, { p50_ns: 10, p90_ns: 31, p95_ns: 31, p99_ns: 31, max_ns: 31 });
});

test('The facts of a session change while it runs, its functions are the ledger’s own', (t) => {
  const ledger = twoAgents();
  const refused = [{ function: 'main.f', code: 'UNDECODABLE', reason: 'bytes', pid: 0, agentId: 'b' }];
  ledger.describe({ ...ledger.info, functions: [], pids: [10, 11, 12], refused });
  t.deepEqual(ledger.info.pids, [10, 11, 12]);
  t.deepEqual(
    ledger.info.functions.map(({ name }) => name),
    ['main.Checkout', 'main.pay'],
  );
  t.like(ledger.snapshot(), { pids: [10, 11, 12], refused: [{ function: 'main.f', code: 'UNDECODABLE', reason: 'bytes' }] });
});
