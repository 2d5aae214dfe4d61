/** Waiting by reason against a program that times its own waits. */

import test from 'ava';
import { startTarget, type Target } from '../kernel/test/targets.js';
import { withoutFault } from '../kernel/test/without-fault.js';
import { buildGo } from './go-target.js';
import { type RealPair, rowsOf, startPair } from './real-pair.js';

let pair: RealPair;
let target: Target;

test.before(async () => {
  target = await startTarget(buildGo('values/waits.go'));
  pair = await startPair();
});

test.after.always(async () => {
  await pair.stop();
  target.kill();
});

/** What does not fit the truth within 2 %. */
async function faultsOfWork(session: string): Promise<string[]> {
  const armed = await pair.open(session, { pids: [target.pid], functions: ['main.work', 'main.burn'] });
  const truth = await target.exercise('work');
  const { tick } = await pair.close(session);
  const rows = rowsOf(tick, armed);
  const work = armed.slots.findIndex((slot) => slot.name === 'main.work');
  const waiting = tick!.waiting.filter(({ row }) => row === work);
  const waited = Object.fromEntries(waiting.map(({ reason, totalNs }) => [reason, totalNs]));
  const total = Number(rows[`main.work ${target.pid}`]!.sumNs);
  const onCpu = Number(rows[`main.burn ${target.pid}`]!.sumNs);
  const allWaits = waiting.reduce((sum, { totalNs }) => sum + totalNs, 0);
  const far = ['sleep', 'channel', 'select', 'mutex', 'waitgroup', 'network'].filter(
    (reason) => Math.abs(waited[reason]! - truth[reason]!) >= 0.02 * truth[reason]!,
  );
  return [
    ...far.map((reason) => `${reason}: ${waited[reason]} of ${truth[reason]}`),
    ...(Math.abs(onCpu + allWaits - total) < 0.02 * total ? [] : [`${onCpu} + ${allWaits} of ${total}`]),
    ...(tick!.overhead!.hits > 40 ? [] : [`${tick!.overhead!.hits} hits`]),
  ];
}

test.serial('waiting is told by reason, and with the time on the processor it adds up to the total', (t) =>
  withoutFault(t, (attempt) => faultsOfWork(`dbg-waits-${attempt}`), 6),
);

test.serial('an open call says what it waits for, and its waiting goes on', async (t) => {
  const armed = await pair.open('dbg-hold', { pids: [target.pid], functions: ['main.hold'] });
  await target.exercise('hold');
  const seen = await pair.colony.find('tick', (tick) => tick.sessionId === 'dbg-hold' && (tick.waiting[0]?.totalNs ?? 0) > 250e6);
  t.is(seen.openCalls[0]?.waiting, 'channel');
  t.like(seen.waiting, [{ reason: 'channel', count: 1 }]);
  const { tick } = await pair.close('dbg-hold');
  t.like(rowsOf(tick, armed)[`main.hold ${target.pid}`], { calls: 1, inFlight: 1 });
  t.true(tick!.waiting[0]!.totalNs >= seen.waiting[0]!.totalNs);
  await target.exercise('release');
});
