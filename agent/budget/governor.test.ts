import test from 'ava';
import { type Budget, type Decision, type FunctionLoad, govern, windowOf } from './governor.js';

const TICK = 200e6;
const BUDGET = { perFunction: 0.01, perSession: 0.05 };
const load = (row: number, perSecond: number, more: Partial<FunctionLoad> = {}): FunctionLoad => ({
  row,
  name: `f${row}`,
  entryHits: perSecond * (TICK / 1e9),
  returnHits: perSecond * (TICK / 1e9),
  entryArmedNs: TICK,
  returnArmedNs: TICK,
  entryHitNs: 550,
  returnHitNs: 10_400,
  ...more,
});

/** What is decided of loads that go on for a second, which is as long as a function may be over its budget. */
function lasting(loads: readonly FunctionLoad[], budget: Budget): Decision {
  let decision = govern(new Map(), loads, budget);
  for (let tick = 1; tick < 5 && decision.steps.length === 0; tick++) decision = govern(decision.modes, loads, budget);
  return decision;
}

test('a function within its budget keeps all its probes', (t) => {
  const { modes, steps } = lasting([load(0, 800)], BUDGET);
  t.is(modes.get(0)?.mode, 'full');
  t.deepEqual(steps, []);
});

test('over the budget the returns go first, by as much as is needed', (t) => {
  const { modes, steps } = lasting([load(0, 5_000)], BUDGET);
  const mode = modes.get(0);
  t.is(mode?.mode, 'returns_windowed');
  const cost = 5_000 * 550e-9 + (mode?.duty ?? 1) * 5_000 * 10_400e-9;
  t.true(cost <= 0.01, `${cost} of a CPU`);
  t.is(steps[0]?.code, 'BUDGET_RETURNS_WINDOWED');
});

test('a burst that is over within the second is counted whole, whatever it costs', (t) => {
  let modes: Decision['modes'] = new Map();
  for (const perSecond of [20e6, 5_000, 5_000, 10, 5_000, 5_000, 20e6, 10]) {
    const decision = govern(modes, [load(0, perSecond)], BUDGET);
    t.deepEqual([decision.steps, decision.end, decision.modes.get(0)?.mode], [[], false, 'full']);
    modes = decision.modes;
  }
});

test('a hot function loses its entries too, and its cost is within the budget', (t) => {
  const { modes, steps } = lasting([load(0, 1e6, { returnHits: 0 })], BUDGET);
  const mode = modes.get(0);
  t.is(mode?.mode, 'entries_windowed');
  t.true(0.55 * (mode?.duty ?? 1) <= 0.01);
  t.is(steps[0]?.code, 'BUDGET_ENTRIES_WINDOWED');
});

test('where the smallest windows exceed the budget the session ends', (t) => {
  const { end, steps } = lasting([load(0, 20e6)], BUDGET);
  t.true(end);
  t.is(steps[0]?.code, 'BUDGET_EXHAUSTED');
});

test('many functions, each within its own, share the budget of the session', (t) => {
  const loads = Array.from({ length: 10 }, (_, row) => load(row, 850));
  const { modes } = lasting(loads, BUDGET);
  const cost = loads.reduce((sum, { row }) => sum + 850 * (550e-9 + (modes.get(row)?.duty ?? 1) * 10_400e-9), 0);
  t.true(cost <= 0.05, `${cost} of a CPU`);
});

test('an unlimited budget takes nothing away', (t) => {
  const unlimited = { perFunction: Number.POSITIVE_INFINITY, perSession: Number.POSITIVE_INFINITY };
  t.is(lasting([load(0, 20e6)], unlimited).modes.get(0)?.mode, 'full');
});

test('a function that has calmed down gets its probes back, once, announced', (t) => {
  let modes = lasting([load(0, 5_000)], BUDGET).modes;
  const codes: string[] = [];
  for (let tick = 0; tick < 40; tick++) {
    const decision = govern(modes, [load(0, 10)], BUDGET);
    modes = decision.modes;
    codes.push(...decision.steps.map((step) => step.code));
  }
  t.is(modes.get(0)?.mode, 'full');
  t.deepEqual(codes, ['BUDGET_RESTORED']);
});

test('windows are never shorter than their minimum, and longer periods make up for it', (t) => {
  t.deepEqual(windowOf(0.5), { onNs: 500e6, offNs: 500e6 });
  t.deepEqual(windowOf(0.01), { onNs: 20e6, offNs: 1980e6 });
});
