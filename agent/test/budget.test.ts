/** The budget, on a program that calls a function as fast as it can. */

import test, { type ExecutionContext } from 'ava';
import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { startTarget } from '../kernel/test/targets.js';
import { buildC, buildGo } from './go-target.js';
import { rowsOf, startPair } from './real-pair.js';

/** Tenths of a second in a row in which a program may be slowed. One at most where there are free processors; where there are none the agent comes late, too. */
const MAX_SLOW_TENTHS = 30;
/** Of one CPU. */
const BUDGET_PERCENT = 1;

/** A program and the pair that probes it, until the test ends. */
async function start(t: ExecutionContext, path: string) {
  const target = await startTarget(path);
  t.teardown(() => target.kill());
  const pair = await startPair();
  t.teardown(() => pair.stop());
  return { target, pair };
}

test.serial(
  'a function that is called millions of times a second is let go at once; its count becomes an estimate that says so',
  async (t) => {
    const { target, pair } = await start(t, buildGo('values/hot.go'));
    await target.exercise('start');
    const before = await target.exercise('calls');
    const armed = await pair.open('dbg-hot', {
      pids: [target.pid],
      functions: ['main.step'],
      config: { budgetPercent: BUDGET_PERCENT },
    });
    const opened = await target.exercise('calls');
    const told = await pair.colony.find('notice', ({ notice }) => notice?.code === 'BUDGET_ENTRIES_WINDOWED');
    t.regex(told.notice!.message, /^probes on main\.step cost [\d.]+ % of a CPU, 1\.0 % is allowed: calls are probed/);
    await pair.colony.find('tick', ({ elapsedNs }) => elapsedNs > 4e9);
    const closing = await target.exercise('calls');
    const { tick } = await pair.close('dbg-hot');
    const after = await target.exercise('calls');
    const row = rowsOf(tick, armed)[`main.step ${target.pid}`]!;
    const [least, most] = [closing.step! - opened.step!, after.step! - before.step!];
    t.is(row.estimated, 3);
    t.is(row.calls, row.returns + row.inFlight + row.unwound + row.untracked);
    const interval = [row.calls - row.callsError, row.calls + row.callsError] as const;
    t.true(interval[0] <= most && interval[1] >= least, `${interval.join(' to ')}, truth ${least} to ${most}`);
    t.is(tick!.overhead!.steps[0]?.function, 'main.step');
    const { tenths } = (await target.exercise('tenths')) as unknown as { tenths: number[] };
    t.true(longestSlow(tenths) <= MAX_SLOW_TENTHS, JSON.stringify(tenths));
    const ticks = pair.colony.all('tick').filter(({ sessionId }) => sessionId === 'dbg-hot');
    const seconds = costBySecond(ticks);
    t.true(
      seconds.slice(2).every((percent) => percent <= 4 * BUDGET_PERCENT),
      seconds.join(', '),
    );
    const percent = (100 * tick!.overhead!.costNs) / tick!.elapsedNs;
    t.true(percent <= 8 * BUDGET_PERCENT, `${percent} % over the session`);
  },
);

/** Calls a second of paced.c. */
const PACE = 20_000;

test.serial(
  'of a C function that costs a little too much the returns by uprobe.session are windowed, and its count stays exact',
  async (t) => {
    const { target, pair } = await start(t, buildC('values/paced.c'));
    const asked = { pids: [target.pid], functions: ['step'] };
    const trial = await pair.open('dbg-trial', { ...asked, config: { budgetPercent: -1 } });
    t.like(trial.slots[0], { how: 'timed', returnSites: 0 });
    await pair.close('dbg-trial');
    const budgetPercent = (0.8 * PACE * trial.estimatedHitCostNs) / 1e7;
    const armed = await pair.open('dbg-paced', { ...asked, config: { budgetPercent } });
    t.like(armed.slots[0], { how: 'timed', returnSites: 0 });
    await target.exercise('pace');
    await pair.colony.find('notice', ({ notice }) => notice?.code === 'BUDGET_RETURNS_WINDOWED');
    await pair.colony.find('tick', ({ sessionId, elapsedNs }) => sessionId === 'dbg-paced' && elapsedNs > 5e9);
    const truth = await target.exercise('stop');
    const { tick } = await pair.close('dbg-paced');
    const row = rowsOf(tick, armed)[`step ${target.pid}`]!;
    t.like(row, { calls: truth.step, estimated: 1, callsError: 0, inFlight: 0, unwound: 0 });
    t.is(row.calls, row.returns + row.untracked);
    t.true(row.returns > 0 && row.untracked > 0, `${row.returns} returns, ${row.untracked} untracked`);
  },
);

test.serial(
  'of a C function that is called as fast as can be the link comes and goes, and the estimate holds the truth',
  async (t) => {
    const { target, pair } = await start(t, buildC('values/paced.c'));
    await target.exercise('hurry');
    const before = await target.exercise('calls');
    const armed = await pair.open('dbg-hurry', { pids: [target.pid], functions: ['step'], config: { budgetPercent: 5 } });
    t.like(armed.slots[0], { how: 'timed', returnSites: 0 });
    const opened = await target.exercise('calls');
    await pair.colony.find('notice', ({ notice }) => notice?.code === 'BUDGET_ENTRIES_WINDOWED');
    await pair.colony.find('tick', ({ elapsedNs }) => elapsedNs > 6e9);
    const closing = await target.exercise('calls');
    const { tick } = await pair.close('dbg-hurry');
    const after = await target.exercise('stop');
    const row = rowsOf(tick, armed)[`step ${target.pid}`]!;
    const [least, most] = [closing.step! - opened.step!, after.step! - before.step!];
    t.is(row.estimated, 3);
    t.is(row.calls, row.returns + row.inFlight + row.unwound + row.untracked);
    t.is(row.unwound, 0);
    const interval = [row.calls - row.callsError, row.calls + row.callsError] as const;
    t.true(interval[0] <= most && interval[1] >= least, `${interval.join(' to ')}, truth ${least} to ${most}`);
  },
);

test.serial(
  'many functions that cost little each share a window while they cost much together, and then have their own again',
  async (t) => {
    const { target, pair } = await start(t, buildC('values/crowd.c'));
    const step = (code: string, of: string) =>
      pair.colony.find('tick', ({ overhead }) => overhead!.steps.some((each) => each.code === code && each.function === of));
    const armed = await pair.open('dbg-crowd', {
      pids: [target.pid],
      functions: ['step_*'],
      config: { budgetPercent: BUDGET_PERCENT },
    });
    t.is(armed.slots.length, 300);
    await target.exercise('pace');
    await step('BUDGET_ENTRIES_WINDOWED', '');
    await pair.colony.find('tick', ({ elapsedNs }) => elapsedNs > 5e9);
    await target.exercise('stop');
    await step('BUDGET_RESTORED', '');
    await target.exercise('hurry');
    await step('BUDGET_ENTRIES_WINDOWED', 'step_200');
    const truth = await target.exercise('stop');
    const { tick } = await pair.close('dbg-crowd');
    const rows = rowsOf(tick, armed);
    const estimates = armed.slots.map(({ name }) => ({
      ...rows[`${name} ${target.pid}`]!,
      truth: truth[name] ?? truth.each!,
    }));
    t.deepEqual(
      estimates.filter((row) => Math.abs(row.calls - row.truth) > row.callsError),
      [],
    );
    t.true(estimates.every((row) => row.calls === row.returns + row.inFlight + row.unwound + row.untracked));
    const seconds = costBySecond(pair.colony.all('tick').filter(({ sessionId }) => sessionId === 'dbg-crowd'));
    t.true(seconds.slice(2, 5).reduce((sum, each) => sum + each, 0) / 3 <= 2 * 5 * BUDGET_PERCENT, seconds.join(', '));
  },
);

/** Percent of one CPU in each second of a session. */
function costBySecond(ticks: readonly SessionTick[]): number[] {
  const percents: number[] = [];
  let before = { elapsedNs: 0, costNs: 0 };
  for (const { elapsedNs, overhead } of ticks) {
    if (elapsedNs - before.elapsedNs < 1e9) continue;
    percents.push((100 * (overhead!.costNs - before.costNs)) / (elapsedNs - before.elapsedNs));
    before = { elapsedNs, costNs: overhead!.costNs };
  }
  return percents;
}

/** The longest stretch in which the program did less than a tenth of its usual work. */
function longestSlow(tenths: readonly number[]): number {
  const usual = [...tenths].sort((a, b) => a - b)[Math.floor(tenths.length / 2)]!;
  let [longest, now] = [0, 0];
  for (const calls of tenths) {
    now = calls < usual / 10 ? now + 1 : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}
