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

/** `nap` asks the kernel for 20 sleeps of 5 ms. */
const NAPS_NS = 20 * 5e6;

/** What a session of functions that begin and end waits says of them and of one that waits through them. */
async function faultsOfNap(session: string): Promise<string[]> {
  const stations = ['runtime.gopark', 'runtime.entersyscall', 'runtime.exitsyscall', 'syscall.RawSyscall6'];
  const armed = await pair.open(session, { pids: [target.pid], functions: ['main.nap', ...stations] });
  const truth = await target.exercise('nap');
  await target.exercise('none'); // it waits for its next line by then
  const { tick } = await pair.close(session);
  const rows = rowsOf(tick, armed);
  const rowOf = (name: string) => rows[`${name} ${target.pid}`]!;
  const waited = (name: string): number =>
    tick!.waiting.find(({ row, reason }) => armed.slots[row]!.name === name && reason === 'syscall')?.totalNs ?? 0;
  // The program's clock also sees what it waits for a processor behind the call: on a busy machine 5 % and more.
  const isBetween = (ns: number): boolean => ns >= 0.98 * NAPS_NS && ns < 1.02 * truth.syscall!;
  return [
    ...(isBetween(waited('main.nap')) ? [] : [`main.nap: ${waited('main.nap')} of ${truth.syscall}`]),
    ...(waited('runtime.exitsyscall') < 0.02 * truth.syscall! ? [] : [`exitsyscall: ${waited('runtime.exitsyscall')}`]),
    ...(isBetween(waited('syscall.RawSyscall6')) ? [] : [`RawSyscall6: ${waited('syscall.RawSyscall6')}`]),
    ...stations
      .filter((name) => rowOf(name).calls < 1 || rowOf(name).unwound > 0)
      .map((name) => `${name} ${rowOf(name).unwound} unwound`),
  ];
}

test.serial('functions that begin and end waits, and make system calls, may be probed themselves', (t) =>
  withoutFault(t, (attempt) => faultsOfNap(`dbg-nap-${attempt}`), 6),
);

test.serial('what C code takes after it has called back into Go is waiting for a system call, too', async (t) => {
  const caller = await startTarget(buildGo('values/callbacks.go'));
  const armed = await pair.open('dbg-callbacks', { pids: [caller.pid], functions: ['main.across'] });
  const { total = 0 } = await caller.exercise('work');
  const { tick } = await pair.close('dbg-callbacks');
  caller.kill();
  t.like(rowsOf(tick, armed)[`main.across ${caller.pid}`], { calls: 20, returns: 20 });
  const waited = Object.fromEntries(tick!.waiting.map(({ reason, count, totalNs }) => [reason, { count, totalNs }]));
  t.is(waited.syscall?.count, 40);
  t.is(waited.sleep?.count, 20);
  t.true(waited.syscall!.totalNs >= 20 * 8e6, 'at least as long as it sleeps');
  t.true(waited.syscall!.totalNs + waited.sleep!.totalNs <= total);
});

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
