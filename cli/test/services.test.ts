import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

const SERVICES = [
  { service: 'sshd', pid: 9, executable: '/usr/sbin/sshd', language: 'c', symbols: 'none', reason: 'no symbols' },
  {
    service: 'checkout',
    pid: 4711,
    executable: '/srv/checkout',
    language: 'go',
    languageVersion: 'go1.26.8',
    symbols: 'pclntab',
    buildId: 'abc',
    probeable: true,
    registered: true,
    sessions: 1,
    agentId: 'host-a',
  },
];

test('services are printed as a table with what can be probed first', async (t) => {
  const colony = await startFakeColony({ listServices: () => ({ services: SERVICES }) });
  t.teardown(colony.stop);
  const { status, stdout } = await runCommand('services', ['--colony', colony.address]);
  t.is(status, 0);
  t.is(
    stdout,
    [
      'SERVICE    PID  LANGUAGE  SYMBOLS  SESSIONS  STATE',
      'checkout  4711  go1.26.8  pclntab         1  probeable',
      'sshd         9  c         none            0  no: no symbols',
      '',
    ].join('\n'),
  );
});

test('services as JSON carry the keys of the contract', async (t) => {
  const colony = await startFakeColony({ listServices: () => ({ services: SERVICES }) });
  t.teardown(colony.stop);
  const { stdout } = await runCommand('services', ['--colony', colony.address, '--format', 'json']);
  t.like(JSON.parse(stdout).services[1], {
    service: 'checkout',
    pid: 4711,
    executable: '/srv/checkout',
    language: 'go',
    symbols: 'pclntab',
    build_id: 'abc',
    probeable: true,
    reason: null,
    registered: true,
    sessions: 1,
  });
  t.is(JSON.parse(stdout).services[0].reason, 'no symbols');
});

test('sessions that ended unseen are told once on stderr, before the data', async (t) => {
  const ends = [{ sessionId: 'dbg-1', serviceName: 'checkout', status: 'agent_lost' }];
  const colony = await startFakeColony({
    listServices: () => ({}),
    getStatus: () => ({ version: 'fake', unreportedEnds: ends }),
  });
  t.teardown(colony.stop);
  const { stderr } = await runCommand('services', ['--colony', colony.address]);
  t.deepEqual(stderr, ['coral: session dbg-1 on checkout ended: agent_lost']);
});

test('an error of the colony arrives with its code, hint and details', async (t) => {
  const colony = await startFakeColony({
    listServices: () => {
      throw new CoralError('AGENT_UNREACHABLE', 'no agent is linked', 'start one', { agents: 0 });
    },
  });
  t.teardown(colony.stop);
  const error = await t.throwsAsync<CoralError>(runCommand('services', ['--colony', colony.address]), { instanceOf: CoralError });
  t.like(error, {
    code: 'AGENT_UNREACHABLE',
    message: 'no agent is linked',
    hint: 'start one',
    details: { agents: 0 },
    exitCode: 5,
  });
});

test('a colony that is not there is COLONY_UNREACHABLE', async (t) => {
  const error = await t.throwsAsync<CoralError>(runCommand('services', ['--colony', '127.0.0.1:1']), { instanceOf: CoralError });
  t.is(error?.code, 'COLONY_UNREACHABLE');
});
