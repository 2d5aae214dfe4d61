import test from 'ava';
import type { Snapshot } from '../document.js';
import { plan, sessionInfo, tickOf } from '../ledger/fixture.js';
import { SessionLedger } from '../ledger/session-ledger.js';
import { diffSnapshots } from './diff.js';
import { holm } from './significance.js';

/** A session of ten seconds in which these functions took these durations. */
function session(durations: Record<string, number[]>): Snapshot {
  const names = Object.keys(durations);
  const ledger = SessionLedger.watching(sessionInfo(names.map((name) => plan(name))));
  ledger.apply(
    tickOf(
      '',
      1,
      names.map((name, slot) => ({ slot, durationsNs: durations[name]! })),
      { elapsedNs: 10e9 },
    ),
  );
  return ledger.snapshot('expired');
}

/** Durations of an exponential load, evenly through its quantiles. `shift` tells two samples apart. */
const exponential = (n: number, meanNs: number, shift = 0.5): number[] =>
  Array.from({ length: n }, (_, i) => Math.round(-meanNs * Math.log(1 - (i + shift) / n)));

test('A halved latency is a significant change of minus a half', (t) => {
  const { functions } = diffSnapshots(session({ f: exponential(500, 1e6) }), session({ f: exponential(1000, 5e5) }));
  const [f] = functions;
  t.true(f!.significant);
  t.true(f!.p_value! < 1e-6);
  for (const p of ['p50', 'p90', 'p95', 'p99', 'mean'] as const) t.true(Math.abs(f!.change[p]! + 0.5) < 0.03, p);
  t.is(f!.change.rate, 1);
  t.like(f, { a: { calls: 500, rate_per_s: 50 }, b: { calls: 1000, rate_per_s: 100 } });
});

test('Two samples of one load do not differ, and few calls prove nothing', (t) => {
  const alike = diffSnapshots(session({ f: exponential(1000, 1e6, 0.3) }), session({ f: exponential(1000, 1e6, 0.7) }));
  t.false(alike.functions[0]?.significant);
  t.true(alike.functions[0]!.p_value! > 0.5);
  const few = diffSnapshots(session({ f: [100, 110] }), session({ f: [1000, 1100] }));
  t.false(few.functions[0]?.significant);
});

test('A tail that has become ten times longer is found though the median stays', (t) => {
  const base = exponential(5000, 1e6);
  const slow = base.map((durationNs, i) => (i % 40 === 0 ? durationNs + 2e7 : durationNs));
  const [f] = diffSnapshots(session({ f: base }), session({ f: slow })).functions;
  t.true(f!.significant);
  t.true(f!.p_values!.p99 < 0.01);
  t.true(f!.p_values!.p50 > 0.01);
});

test('A shift of a hundredth is not called a change, however many calls show it', (t) => {
  const [f] = diffSnapshots(session({ f: exponential(100_000, 1e6) }), session({ f: exponential(100_000, 1.01e6) })).functions;
  t.false(f?.significant);
});

test('Functions of one side are named, and what never returned has no change of latency', (t) => {
  const diff = diffSnapshots(session({ f: [], g: [1] }), session({ f: [5], h: [1] }));
  t.deepEqual([diff.only_in_a, diff.only_in_b], [['g'], ['h']]);
  t.deepEqual(diff.functions, [
    {
      name: 'f',
      a: { calls: 0, rate_per_s: 0 },
      b: { calls: 1, rate_per_s: 0.1, mean_ns: 5, p50_ns: 5, p90_ns: 5, p95_ns: 5, p99_ns: 5, max_ns: 5 },
      change: {},
      significant: false,
    },
  ]);
});

test('Alike loads are called different about as rarely as stated', (t) => {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const sample = () => Array.from({ length: 300 }, () => Math.round(-1e6 * Math.log(1 - next())));
  const alarms = Array.from({ length: 300 }, () => diffSnapshots(session({ f: sample() }), session({ f: sample() }))).filter(
    (diff) => diff.functions[0]!.significant,
  );
  t.true(alarms.length <= 6, `${alarms.length} of 300`);
});

test('Holm’s correction keeps order and bound', (t) => {
  t.deepEqual(holm([0.01, 0.5, 0.02]), [0.03, 0.5, 0.04]);
  t.deepEqual(holm([]), []);
});
