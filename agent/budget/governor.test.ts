import test from 'ava';
import { type Budget, closedNs, type Decision, type FunctionLoad, fullMode, govern, openNs, percent } from './governor.js';

const TICK = 200e6;
const BUDGET = { perFunction: 0.01, perSession: 0.05 };
const load = (row: number, perSecond: number, more: Partial<FunctionLoad> = {}): FunctionLoad => ({
  row,
  name: `f${row}`,
  functions: 1,
  entryHits: perSecond * (TICK / 1e9),
  returnHits: perSecond * (TICK / 1e9),
  entryArmedNs: TICK,
  returnArmedNs: TICK,
  entryHitNs: 550,
  returnHitNs: 10_400,
  debtNs: 0,
  ...more,
});

/** What is decided of loads that go on for a second, which is as long as a function may be over its budget. */
function lasting(loads: readonly FunctionLoad[], budget: Budget): Decision {
  let decision = govern(new Map(), loads, budget, TICK, 0);
  for (let tick = 1; tick < 5 && decision.steps.length === 0; tick++) decision = govern(decision.modes, loads, budget, TICK, 0);
  return decision;
}

test('a function within its budget keeps all its probes', (t) => {
  const { modes, steps } = lasting([load(0, 800)], BUDGET);
  t.is(modes.get(0)?.mode, 'full');
  t.deepEqual(steps, []);
});

test('a share is told in figures that people read', (t) => {
  t.deepEqual([0.00456, 0.0123, 0.099, 0.1, 1.456].map(percent), ['0.46 %', '1.2 %', '9.9 %', '10 %', '146 %']);
});

test('over the budget the returns go first, by as much as is needed', (t) => {
  const { modes, steps } = lasting([load(0, 5_000)], BUDGET);
  const mode = modes.get(0);
  t.is(mode?.mode, 'returns_windowed');
  const cost = 5_000 * 550e-9 + (mode?.duty ?? 1) * 5_000 * 10_400e-9;
  t.true(cost <= 0.01, `${cost} of a CPU`);
  t.is(steps[0]?.code, 'BUDGET_RETURNS_WINDOWED');
});

test('a burst that is over within the second is counted whole', (t) => {
  let modes: Decision['modes'] = new Map();
  for (const perSecond of [5_000, 5_000, 5_000, 10, 5_000, 5_000, 5_000, 10]) {
    const decision = govern(modes, [load(0, perSecond, { debtNs: 14e6 })], BUDGET, TICK, 0);
    t.deepEqual([decision.steps, decision.end, decision.modes.get(0)?.mode], [[], false, 'full']);
    modes = decision.modes;
  }
});

test('a function that is far ahead of its budget loses its probes at the first look', (t) => {
  const { modes, steps } = govern(new Map(), [load(0, 80_000, { debtNs: 16e6 })], BUDGET, 20e6, 0);
  t.is(modes.get(0)?.mode, 'entries_windowed');
  t.is(steps[0]?.code, 'BUDGET_ENTRIES_WINDOWED');
});

test('a burst that has ended takes nothing away, whatever it cost', (t) => {
  t.deepEqual(govern(new Map(), [load(0, 10, { debtNs: 40e6 })], BUDGET, TICK, 0).steps, []);
});

test('a hot function loses its entries too, and its cost is within the budget', (t) => {
  const { modes, steps } = lasting([load(0, 1e6, { returnHits: 0 })], BUDGET);
  const mode = modes.get(0);
  t.is(mode?.mode, 'entries_windowed');
  t.true(0.55 * (mode?.duty ?? 1) <= 0.01);
  t.is(steps[0]?.code, 'BUDGET_ENTRIES_WINDOWED');
});

test('where the smallest windows exceed the budget the session ends', (t) => {
  const { end, steps } = lasting([load(0, 4e6)], BUDGET);
  t.true(end);
  t.is(steps[0]?.code, 'BUDGET_EXHAUSTED');
});

test('many functions, each within its own, share the budget of the session', (t) => {
  const loads = Array.from({ length: 10 }, (_, row) => load(row, 850));
  const { modes } = lasting(loads, BUDGET);
  const cost = loads.reduce((sum, { row }) => sum + 850 * (550e-9 + (modes.get(row)?.duty ?? 1) * 10_400e-9), 0);
  t.true(cost <= 0.05, `${cost} of a CPU`);
});

test('who wants less than its share keeps all, whatever the others want', (t) => {
  const { modes } = lasting([...Array.from({ length: 10 }, (_, row) => load(row, 900)), load(10, 200)], BUDGET);
  t.is(modes.get(10)?.mode, 'full');
  t.is(modes.get(0)?.mode, 'returns_windowed');
});

test('a crowd whose functions each cost little shares one window, when it has cost more than the session may', (t) => {
  const loads = [...Array.from({ length: 1000 }, (_, row) => load(row, 10)), load(1000, 1e6, { returnHits: 0 })];
  const early = govern(new Map(), loads, BUDGET, TICK, 20e6);
  t.deepEqual([early.crowd, early.steps, early.end], [[], [], false]);
  const { crowd, modes } = govern(early.modes, loads, BUDGET, TICK, 80e6);
  t.deepEqual(crowd, [...Array(1000).keys()]);
  const gathered = load(0, 10_000, { name: '1000 functions', functions: 1000, debtNs: 80e6 });
  const after = govern(new Map([...modes, [0, fullMode(0.05)]]), [gathered, loads[1000]!], BUDGET, TICK, 80e6);
  const mode = after.modes.get(0)!;
  t.is(mode.mode, 'returns_windowed');
  t.true(10_000 * (550e-9 + mode.duty * 10_400e-9) <= 0.05);
  t.deepEqual([after.steps[0]?.function, after.crowd, after.end], ['', [], false]);
});

test('a hot function beside a crowd keeps a share of its own', (t) => {
  const loads = [...Array.from({ length: 1000 }, (_, row) => load(row, 10)), load(1000, 1e6, { returnHits: 0 })];
  const { modes, steps, end } = lasting(loads, BUDGET);
  t.is(modes.get(1000)?.mode, 'entries_windowed');
  t.true(modes.get(1000)!.duty * 0.55 > 0.005);
  t.deepEqual([steps.length, end], [1, false]);
});

test('an unlimited budget takes nothing away', (t) => {
  const unlimited = { perFunction: Number.POSITIVE_INFINITY, perSession: Number.POSITIVE_INFINITY };
  t.is(lasting([load(0, 20e6)], unlimited).modes.get(0)?.mode, 'full');
});

test('a function that has calmed down gets its probes back, once, announced', (t) => {
  let modes = lasting([load(0, 5_000)], BUDGET).modes;
  const codes: string[] = [];
  for (let tick = 0; tick < 40; tick++) {
    const decision = govern(modes, [load(0, 10)], BUDGET, TICK, 0);
    modes = decision.modes;
    codes.push(...decision.steps.map((step) => step.code));
  }
  t.is(modes.get(0)?.mode, 'full');
  t.deepEqual(codes, ['BUDGET_RESTORED']);
});

test('windows are as long as they may be within bounds, and close until their debt is paid', (t) => {
  const mode = { ...fullMode(0.01), mode: 'entries_windowed' as const };
  t.is(openNs({ ...mode, duty: 0.1 }), 50e6);
  t.is(openNs({ ...mode, duty: 0.5 }), 100e6);
  t.is(openNs({ ...mode, duty: 0.001 }), 2e6);
  t.is(closedNs(mode, 8e6, 8e6, 0.5), 1e9);
  t.is(closedNs(mode, 8e6, 8e6, 0), 0.5e9);
  t.is(closedNs(mode, 0, 0, 0.5), 250e6);
});

test('an old debt hides a function for a second, what its last window cost is paid whole', (t) => {
  const mode = { ...fullMode(0.01), mode: 'entries_windowed' as const };
  t.is(closedNs(mode, 50e6, 2e6, 0.5), 1.2e9);
  t.is(closedNs(mode, 50e6, 32e6, 0.5), 4e9);
});
