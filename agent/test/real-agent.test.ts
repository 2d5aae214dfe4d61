import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ExplainFunctionResponse, UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { buildGoTarget, startTarget, type Target } from '../kernel/test/targets.js';
import { runAgent } from '../main.js';
import { FakeColony } from './fake-colony.js';
import { closeOrder, openOrder } from './orders.js';

let colony: FakeColony;
let target: Target;
let ended: Promise<void>;
const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-agent-test-'));

test.before(async () => {
  target = await startTarget(buildGoTarget());
  colony = await new FakeColony().listen();
  const environment = { CORAL_RUNTIME_DIR: runtimeDir };
  ended = runAgent({ version: 'test', colony: colony.address, agentId: 'host-a', sdkListen: 'off', environment });
  await colony.find('services');
});

test.after.always(async () => {
  process.emit('SIGTERM');
  await ended;
  colony.stop();
  await target.stop();
  rmSync(runtimeDir, { recursive: true, force: true });
});

async function open(sessionId: string, functions: string[], pid = target.pid): Promise<PartArmed> {
  const { result, errorMessage } = await colony.order(openOrder(sessionId, [pid], { functions }));
  if (result?.$case !== 'armed') throw new Error(errorMessage);
  return result.value;
}

async function close(sessionId: string) {
  await colony.order(closeOrder(sessionId));
  return colony.find('end', (end) => end.sessionId === sessionId);
}

/** The rows of a tick by function name. */
function rowsOf(tick: SessionTick | undefined, { slots }: PartArmed) {
  const table = unpackFunctions(tick!.functions!);
  return Object.fromEntries(
    [...table.row].map((row, i) => {
      const { calls, returns, inFlight, unwound, untracked, histograms } = table;
      const numbers = {
        calls: calls[i]!,
        returns: returns[i]!,
        inFlight: inFlight[i]!,
        unwound: unwound[i]!,
        untracked: untracked[i]!,
      };
      return [slots[row]!.name, { ...numbers, histogram: histograms[i] }];
    }),
  );
}

test.serial('calls on eight goroutines are counted to the last one, and the text is as before', async (t) => {
  const armed = await open('dbg-many', ['outer', 'middle', 'main.work']);
  const truth = await target.exercise('many');
  const { tick, textVerified, textDetail } = await close('dbg-many');
  const rows = rowsOf(tick, armed);
  for (const name of ['outer', 'middle', 'work']) {
    t.like(rows[`main.${name}`], { calls: truth[name]!, returns: truth[name]!, inFlight: 0, unwound: 0, untracked: 0 });
  }
  t.true(textVerified, textDetail);
  t.deepEqual(tick!.losses, []);
});

test.serial('calls that a panic left are unwound, to the last one', async (t) => {
  const armed = await open('dbg-panics', ['shelter', 'carry', 'explode']);
  const truth = await target.exercise('panics');
  const { tick } = await close('dbg-panics');
  const rows = rowsOf(tick, armed);
  const left = {
    calls: truth.carry!,
    returns: truth.carry! - truth.unwound!,
    inFlight: 0,
    unwound: truth.unwound!,
    untracked: 0,
  };
  t.like(rows['main.shelter'], { calls: truth.shelter!, returns: truth.shelter!, inFlight: 0, unwound: 0, untracked: 0 });
  t.like(rows['main.carry'], left);
  t.like(rows['main.explode'], left);
  t.deepEqual(tick!.losses, []);
});

test.serial('calls left by Goexit are unwound, though their goroutines never call again', async (t) => {
  const armed = await open('dbg-goexit', ['leaveByGoexit']);
  const truth = await target.exercise('goexit');
  const { tick } = await close('dbg-goexit');
  const calls = truth.leaveByGoexit!;
  t.like(rowsOf(tick, armed)['main.leaveByGoexit'], { calls, returns: 0, inFlight: 0, unwound: calls, untracked: 0 });
  t.deepEqual(tick!.openCalls, []);
});

test.serial('calls that wait in parked goroutines are in flight, and shown with their age', async (t) => {
  const armed = await open('dbg-open', ['main.wait']);
  const truth = await target.exercise('open');
  const live = await colony.find('tick', (tick) => tick.sessionId === 'dbg-open' && tick.openCalls.length === truth.wait);
  t.true(live.openCalls.every((call) => call.ageNs > 0 && call.goroutine > 0 && call.pid === target.pid));
  const { tick } = await close('dbg-open');
  t.like(rowsOf(tick, armed)['main.wait'], { calls: truth.wait!, returns: 0, inFlight: truth.wait!, unwound: 0, untracked: 0 });
  await target.exercise('release');
});

test.serial('a function that joins a running session is counted from then on', async (t) => {
  await open('dbg-join', ['main.outer']);
  await target.exercise('many');
  const request = { sessionId: 'dbg-join', addFunctions: ['main.work'], expiresAt: undefined, config: undefined };
  const { result } = await colony.order({ $case: 'update', value: { request } });
  const truth = await target.exercise('many');
  const rows = rowsOf((await close('dbg-join')).tick, (result as { value: PartArmed }).value);
  t.is(rows['main.outer']!.returns, 2 * truth.outer!);
  t.is(rows['main.work']!.returns, truth.work!);
});

test.serial('with count_only every call is counted and none is followed', async (t) => {
  const config = UprobeConfig.fromPartial({ countOnly: true });
  const { result } = await colony.order(openOrder('dbg-count', [target.pid], { functions: ['main.work'], config }));
  const truth = await target.exercise('many');
  const rows = rowsOf((await close('dbg-count')).tick, (result as { value: PartArmed }).value);
  t.like(rows['main.work'], { calls: truth.work!, returns: 0, inFlight: 0, untracked: truth.work! });
});

test.serial('functions are explained with their sites; a whole program without', async (t) => {
  const explain = async (functions: string[]) => {
    const { result } = await colony.order({ $case: 'explain', value: { serviceName: 'calls-go', pid: target.pid, functions } });
    return ExplainFunctionResponse.decode((result as { value: Buffer }).value).functions;
  };
  const [work] = await explain(['main.work']);
  t.like(work, { name: 'main.work', probeable: true, how: 'timed' });
  t.true(work!.sites.every((site) => site.proof.length > 0));
  const all = await explain([]);
  t.true(all.length > 1000);
  t.true(all.every((plan) => plan.sites.length === 0));
});

test.serial('when the target exits the session ends, with what it had counted', async (t) => {
  const other = await startTarget(buildGoTarget());
  const armed = await open('dbg-exit', ['main.work'], other.pid);
  const truth = await other.exercise('many');
  await other.stop();
  const end = await colony.find('end', ({ sessionId }) => sessionId === 'dbg-exit');
  t.is(end.reason, 'target_exited');
  t.false(end.textVerified);
  t.like(rowsOf(end.tick, armed)['main.work'], { calls: truth.work!, returns: truth.work!, unwound: 0, untracked: 0 });
});

test.serial('a function that is not there is refused with the nearest names', async (t) => {
  const { errorCode, errorMessage } = await colony.order(openOrder('dbg-none', [target.pid], { functions: ['main.wrok'] }));
  t.is(errorCode, 'FUNCTION_NOT_FOUND');
  t.regex(errorMessage, /fits "main\.wrok"/);
});

test.serial(
  'two sessions may probe the same function; each counts all its calls, and the last one leaves the text as it was',
  async (t) => {
    const [first, second] = [await open('dbg-one', ['main.work']), await open('dbg-two', ['main.work', 'main.outer'])];
    const truth = await target.exercise('many');
    const [one, two] = [await close('dbg-one'), await close('dbg-two')];
    t.is(rowsOf(one.tick, first)['main.work']!.returns, truth.work!);
    t.is(rowsOf(two.tick, second)['main.work']!.returns, truth.work!);
    t.true(one.textVerified, one.textDetail);
    t.true(two.textVerified, two.textDetail);
  },
);
