import test from 'ava';
import type { Snapshot } from '../../snapshots/document.js';
import { FakeFeed } from './fake-feed.js';
import { Harness, measuring } from './harness.js';

/** As after the budget has taken entry and return probes away for most of the time. */
const windowed = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  functions: snapshot.functions.map((f) => ({
    ...f,
    calls_estimated: true,
    calls_error: 31,
    ...(f.latency === undefined ? {} : { latency: { ...f.latency, estimated: true } }),
  })),
  overhead: {
    ...snapshot.overhead,
    cost_ns: Number(snapshot.duration_ns) * 0.045,
    steps: [
      {
        at: snapshot.ended_at,
        code: 'BUDGET_ENTRIES_WINDOWED',
        message: 'calls are probed 5.0 % of the time, counts are estimates',
        function: 'main.validateCard',
      },
    ],
  },
});

test.serial('estimates carry ~, their interval and the step of the budget that made them', async (t) => {
  const feed = new FakeFeed();
  feed.alter = windowed;
  const { h } = await measuring(t, { feed });
  feed.notice('dbg-1', 'BUDGET_ENTRIES_WINDOWED', 'probes on main.validateCard cost 18 % of a CPU');
  const screen = await h.until('probes on main.validateCard cost 18 %');
  t.regex(screen, /validateCard +~400 .*~18\.0ms +~61\.2ms/);
  t.true(screen.includes('~400 calls, ±31 (95 %)'));
  t.regex(screen, /ESTIMATED {2}P50 ~\S+ to \S+ {2}P95/);
  t.true(screen.includes('BUDGET  calls are probed 5.0 % of the time'));
  t.false(screen.includes('returned +'));
});

test.serial('near its budget the cost is named beside it, and B lifts the budget', async (t) => {
  const feed = new FakeFeed();
  feed.alter = windowed;
  const { h } = await measuring(t, { feed });
  feed.advance('dbg-1', 1);
  await h.until(/cost 4\.5% of 5\.0% cpu/);
  h.type('B');
  await h.until('the budget is lifted');
  t.true(feed.asked.at(-1)?.includes('"budgetPercent":-1'));
  h.type(':budget 12\r');
  await h.until('the probes may cost 12%');
  t.true(feed.asked.at(-1)?.includes('"budgetPercent":12'));
});

test.serial('p shows a row for each process below its function, and merged ones again', async (t) => {
  const feed = new FakeFeed();
  feed.alter = (snapshot) => ({ ...snapshot, pids: [4711, 4712] });
  const { h } = await measuring(t, { feed });
  feed.notice('dbg-1', 'PROCESS_JOINED', 'process 4712 has joined');
  await h.until('process 4712 has joined');
  h.type('p');
  const screen = await h.until('pid 4712');
  t.regex(screen, /validateCard +400 [\s\S]*pid 4711 +200 [\s\S]*pid 4712 +200 /);
  h.type('j');
  await h.until(/── main\.validateCard {2}in process 4711/);
  h.type('p');
  const merged = await h.until(/^(?![\s\S]*pid 4712)[\s\S]*validateCard +400/); // the frame of the key, not the one before
  t.false(merged.includes('pid 4712'));
});

test.serial('figures that no longer come are said to be old, and are live again when they do', async (t) => {
  const { h, feed } = await measuring(t);
  h.nowMs += 3000;
  t.notRegex(await h.until('STALE 3s'), /hits\/s|lag /);
  feed.advance('dbg-1', 1);
  t.regex(await h.until('LIVE'), /hits\/s .*lag /);
  feed.fail('dbg-1', new Error('no colony answers'));
  h.nowMs += 9000;
  const lost = await h.until('OUT OF REACH, FIGURES OF 9s AGO');
  t.true(lost.includes('validateCard'));
  t.notRegex(lost, /hits\/s|lag /);
});

test.serial('a refusal in every process is one row, in some it names them', async (t) => {
  const feed = new FakeFeed();
  const refusal = { function: 'main.hash', code: 'X', reason: 'jumps back' };
  const partly = { function: 'main.part', code: 'TRACED', reason: 'too hot', pid: 2 };
  feed.alter = (snapshot) => ({
    ...snapshot,
    pids: [1, 2],
    refused: [{ ...refusal, pid: 1 }, { ...refusal, pid: 2 }, partly],
  });
  const { h } = await measuring(t, { feed });
  const screen = await h.until(/main\.part +refused: in process 2: too hot/);
  t.is(screen.match(/main\.hash +refused: jumps back/g)?.length, 1);
  h.type('G');
  await h.until(/── main\.part [\s\S]*Refused: in process 2: too hot. Next: detach the debugger first./);
});

test.serial('an agent that is lost among others is counted in the header', async (t) => {
  const feed = new FakeFeed();
  feed.alter = (snapshot) => ({
    ...snapshot,
    agents: [
      { agent_id: 'a', state: 'armed' },
      { agent_id: 'b', state: 'lost', reason: 'silent' },
    ],
  });
  const h = new Harness(t, { feed });
  h.type('/check\rvalid\r');
  await h.until('Waiting for the first numbers');
  feed.advance('dbg-1', 2);
  await h.until('1 AGENT LOST');
  t.pass();
});

test.serial('functions named at the start are attached once connected; a refusal leads to the functions', async (t) => {
  const feed = new FakeFeed();
  const measure = { type: 'measure', service: 'checkout', functions: ['main.hash'], durationMs: 5000 } as const;
  const h = new Harness(t, { feed, begin: [measure] });
  await h.until('Waiting for the first numbers');
  t.deepEqual(feed.asked, ['open checkout main.hash', 'watch dbg-1']);
  const refusing = new FakeFeed();
  refusing.refuse.set('main.hash', 'inlined everywhere');
  const again = new Harness(t, { feed: refusing, begin: [measure] });
  t.true((await again.until('inlined everywhere')).includes('▐2 Functions▌'));
  await again.until('10 of 10');
});
