import test from 'ava';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { FakeColony } from './fake-colony.js';
import { callColumns } from './fake-kernel.js';
import { linkedAgent } from './linked-agent.js';
import { closeOrder, openOrder } from './orders.js';

async function pair(t: { teardown(undo: () => void): void }, pids = [7]) {
  const colony = await new FakeColony().listen();
  const agent = linkedAgent(colony.address, pids);
  t.teardown(() => {
    agent.sessions.closeAll('interrupted');
    agent.link.close();
    colony.stop();
  });
  await colony.find('hello');
  return { colony, ...agent };
}

test('A session is armed, ticks with absolute values, and ends with its last values', async (t) => {
  const { colony, kernel } = await pair(t);
  const { result } = await colony.order(openOrder('dbg-1', [7]));
  t.is(result?.$case, 'armed');
  t.deepEqual(
    [...kernel.session.armed.values()].map(({ pid, path, program, sites }) => ({
      pid,
      path,
      program,
      sites: sites.map((site) => site.role),
    })),
    [
      { pid: 7, path: '/proc/7/exe', program: 'park', sites: ['park', 'resume'] },
      { pid: 7, path: '/proc/7/exe', program: 'timed', sites: ['entry', 'return'] },
    ],
  );

  kernel.session.slots.calls[0] = 5n;
  kernel.session.slots.returns[0] = 4n;
  kernel.session.histogram(0)[3] = 4n;
  const tick = await colony.find('tick', (each) => unpackFunctions(each.functions!).calls[0] === 5);
  const live = unpackFunctions(tick.functions!);
  t.deepEqual([live.returns[0], live.inFlight[0]], [4, 1]);

  kernel.session.slots.calls[0] = 6n;
  kernel.session.slots.returns[0] = 6n;
  await colony.order(closeOrder('dbg-1'));
  const end = await colony.find('end');
  t.is(end.reason, 'detached');
  t.true(end.textVerified);
  t.true(end.tick?.final);
  t.is(unpackFunctions(end.tick!.functions!).returns[0], 6);
  t.is(kernel.session.armed.size, 0);
  t.true(kernel.session.closed);
});

test('Rows that have not changed since an acknowledged tick are left out', async (t) => {
  const { colony, kernel } = await pair(t);
  await colony.order(openOrder('dbg-1', [7], { functions: ['main.work', 'main.idle'] }));
  await colony.find('tick', (tick) => tick.seq === 2);
  kernel.session.slots.calls[1] = 1n;
  const tick = await colony.find(
    'tick',
    ({ functions }) => unpackFunctions(functions!).row.length > 0 && unpackFunctions(functions!).calls[0] === 1,
  );
  t.deepEqual([...unpackFunctions(tick.functions!).row], [1]);
});

test('At most two ticks wait for their acknowledgement; what a third would say is in the next', async (t) => {
  const { colony, kernel } = await pair(t);
  colony.acknowledgeTicks = false;
  await colony.order(openOrder('dbg-1', [7]));
  await colony.find('tick', (tick) => tick.seq === 2);
  const beats = colony.all('heartbeat').length;
  await colony.find('heartbeat', () => colony.all('heartbeat').length > beats + 1);
  t.is(colony.all('tick').length, 2);
  kernel.session.slots.calls[0] = 9n;
  await colony.order(closeOrder('dbg-1'));
  t.is(unpackFunctions((await colony.find('end')).tick!.functions!).calls[0], 9);
});

test('Single calls beyond a megabyte under way are dropped and counted as link_full', async (t) => {
  const { colony, kernel } = await pair(t);
  colony.acknowledgeTicks = false;
  await colony.order(openOrder('dbg-1', [7]));
  let handed = 0;
  const hand = () => {
    if (kernel.session.pendingCalls !== null || kernel.session.closed) return;
    kernel.session.pendingCalls = callColumns(4000);
    handed += 4000;
  };
  const handing = setInterval(hand, 20);
  t.teardown(() => clearInterval(handing));
  await colony.find('heartbeat', () => handed > 40_000);
  await colony.order(closeOrder('dbg-1'));
  const { tick } = await colony.find('end');
  const lost = Object.fromEntries(tick!.losses.map(({ reason, count }) => [reason, count]));
  const arrived = colony.all('calls').reduce((sum, { calls }) => sum + calls!.row.length / 4, 0);
  t.true(arrived * 48 <= 1024 * 1024);
  t.true(lost.link_full! > 0);
  t.is(arrived + lost.link_full! + (lost.rate_limited ?? 0), handed - (kernel.session.pendingCalls === null ? 0 : 4000));
});

test('After a colony was away the session goes on: hello names it, the next tick is full', async (t) => {
  const { colony, kernel } = await pair(t);
  await colony.order(openOrder('dbg-1', [7]));
  kernel.session.slots.calls[0] = 3n;
  await colony.find('tick', ({ functions }) => unpackFunctions(functions!).calls[0] === 3);
  colony.die();
  colony.frames.length = 0;
  await colony.listen();
  const hello = await colony.find('hello', ({ sessions }) => sessions.length > 0);
  t.is(hello.sessions[0]?.info?.sessionId, 'dbg-1');
  const tick = await colony.find('tick');
  t.is(unpackFunctions(tick.functions!).calls[0], 3);
});

test.serial('An agent that stood still for longer than the colony may be silent keeps its link', async (t) => {
  const { colony } = await pair(t);
  await colony.find('heartbeat');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);
  const beats = colony.all('heartbeat').length;
  await colony.find('heartbeat', () => colony.all('heartbeat').length > beats + 1);
  t.is(colony.all('hello').length, 1);
});

test('A colony of this host that is starved for some seconds keeps its agent', async (t) => {
  const { colony } = await pair(t);
  colony.answerBeats = false;
  const beats = colony.all('heartbeat').length;
  await colony.find('heartbeat', () => colony.all('heartbeat').length > beats + 8);
  t.is(colony.all('hello').length, 1);
});

test('An end is sent again on every new link until it is acknowledged', async (t) => {
  const { colony, sessions } = await pair(t);
  colony.acknowledgeEnds = false;
  await colony.order(openOrder('dbg-1', [7]));
  await colony.order(closeOrder('dbg-1'));
  await colony.find('end');
  colony.die();
  colony.frames.length = 0;
  await colony.listen();
  const hello = await colony.find('hello');
  t.like(hello.sessions, [{ info: { sessionId: 'dbg-1', parts: [{ state: 'done' }] } }]);
  await colony.find('end');
  t.is(sessions.pendingEnds().length, 1);
  colony.acknowledgeEnd('dbg-1');
  const { errorCode } = await colony.order(closeOrder('dbg-1'));
  t.is(errorCode, 'SESSION_NOT_FOUND');
  t.is(sessions.pendingEnds().length, 0);
});
