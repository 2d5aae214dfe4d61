/** Processes that join and leave a running session, counted against what each counts itself. */

import test from 'ava';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import { startTarget } from '../kernel/test/targets.js';
import { buildC, buildGo } from './go-target.js';
import { type RealPair, rowsOf, startPair } from './real-pair.js';

let pair: RealPair;

test.before(async () => {
  pair = await startPair();
});

test.after.always(() => pair.stop());

const notice = (sessionId: string, code: string) =>
  pair.colony.find('notice', (each) => each.sessionId === sessionId && each.notice?.code === code);

/** The slots of a session with those that joined. */
const together = (...parts: (PartArmed | undefined)[]) => ({ slots: parts.flatMap((part) => part?.slots ?? []) });

test.serial('a process of the service that starts during the session joins it, one that exits leaves', async (t) => {
  const path = buildGo('values/values.go', [], '-replicas');
  const first = await startTarget(path);
  t.teardown(() => first.kill());
  const opening = { pids: [first.pid], functions: ['main.charge'], service: 'values-replicas', standing: true };
  const armed = await pair.open('dbg-replicas', { ...opening, config: { captureArgs: true } });
  const second = await startTarget(path);
  t.teardown(() => second.kill());
  const joined = await notice('dbg-replicas', 'PROCESS_JOINED');
  t.like(joined.notice, { message: `process ${second.pid} has joined: 1 function is probed in it` });
  t.like(joined.armed!.slots[0], { name: 'main.charge', pid: second.pid });
  await Promise.all([first.exercise('charge'), second.exercise('charge')]);
  await first.stop();
  await notice('dbg-replicas', 'PROCESS_LEFT');
  await second.exercise('charge');
  const { tick, reason } = await pair.close('dbg-replicas');
  const rows = rowsOf(tick, together(armed, joined.armed));
  t.like(rows[`main.charge ${first.pid}`], { calls: 101, returns: 101, inFlight: 0 });
  t.like(rows[`main.charge ${second.pid}`], { calls: 202, returns: 202, inFlight: 0 });
  t.is(reason, 'detached');
  t.is(pair.calls('dbg-replicas').filter(({ pid }) => pid === second.pid).length, 202);
});

test.serial('a fork of a service joins too, and both live on', async (t) => {
  const target = await startTarget(buildC('values/forks.c'));
  t.teardown(() => target.kill());
  const opening = { pids: [target.pid], functions: ['serve'], service: 'forks', standing: true };
  const armed = await pair.open('dbg-forks', opening);
  const { child } = await target.exercise('fork');
  const joined = await notice('dbg-forks', 'PROCESS_JOINED');
  await target.exercise('child');
  await target.exercise('work');
  const { tick, textVerified, textDetail } = await pair.close('dbg-forks');
  const rows = rowsOf(tick, together(armed, joined.armed));
  t.like(rows[`serve ${target.pid}`], { calls: 1000, returns: 1000 });
  t.like(rows[`serve ${child}`], { calls: 1000, returns: 1000 });
  t.true(textVerified, textDetail);
  t.is((await target.exercise('reap')).status, 0);
  await target.stop();
});

test.serial('a fork of a process that was named is not followed, which is said, and not harmed', async (t) => {
  const target = await startTarget(buildC('values/forks.c'));
  t.teardown(() => target.kill());
  const armed = await pair.open('dbg-named', { pids: [target.pid], functions: ['serve'], service: `pid:${target.pid}` });
  const { child } = await target.exercise('fork');
  const told = await notice('dbg-named', 'FORK_NOT_FOLLOWED');
  t.true(told.notice!.message.startsWith(`process ${target.pid} has forked process ${child}, which is not measured`));
  await target.exercise('child');
  await target.exercise('work');
  const { tick } = await pair.close('dbg-named');
  t.like(rowsOf(tick, armed)[`serve ${target.pid}`], { calls: 1000, returns: 1000 });
  t.is((await target.exercise('reap')).status, 0);
  await target.stop();
});
