import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { CAPABILITIES, planElevation } from './elevation.js';
import { effectiveCapabilities, elevatedCommand } from './start-agent.js';

const ALL = CAPABILITIES.reduce((mask, { bit }) => mask | (1n << BigInt(bit)), 0n);
const USER = { uid: 1000, gid: 100, effective: 0n, hasSudo: true, hasSetpriv: true };

test('who may probe starts the agent directly', (t) => {
  t.deepEqual(planElevation({ ...USER, effective: ALL }), { kind: 'direct' });
});

test('a user goes through sudo, with four capabilities and as the same user', (t) => {
  const plan = planElevation(USER);
  if (plan.kind !== 'sudo') return t.fail();
  t.is(
    plan.prefix.join(' '),
    'setpriv --reuid=1000 --regid=100 --init-groups --inh-caps=+sys_ptrace,+dac_read_search,+perfmon,+bpf ' +
      '--ambient-caps=+sys_ptrace,+dac_read_search,+perfmon,+bpf --',
  );
  t.is(
    plan.reason,
    'coral: sudo starts the agent with CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_PERFMON, CAP_BPF only (it runs as you, not as root): ' +
      'read the memory of the programs that are probed; read their executables; attach uprobes; load BPF programs',
  );
});

test('the agent behind sudo keeps its directories, detaches itself and writes to its log', (t) => {
  const agent = {
    command: ['node', 'coral', 'agent'],
    environment: { CORAL_RUNTIME_DIR: '/r', SECRET: 'x' },
    logPath: '/r/agent.log',
  };
  t.deepEqual(elevatedCommand(agent, ['setpriv', '--']), [
    'setpriv',
    '--',
    'env',
    'CORAL_RUNTIME_DIR=/r',
    'setsid',
    '--fork',
    'sh',
    '-c',
    'log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null',
    'sh',
    '/r/agent.log',
    'node',
    'coral',
    'agent',
  ]);
});

test('without sudo it is NO_PERMISSION, and says what is missing', (t) => {
  const error = t.throws<CoralError>(() => planElevation({ ...USER, effective: ALL & ~(1n << 39n), hasSudo: false }), {
    instanceOf: CoralError,
  });
  t.like(error, {
    code: 'NO_PERMISSION',
    message: 'user 1000 may not probe: CAP_BPF missing, and sudo was not found',
    exitCode: 4,
  });
});

test('CapEff is read from the status text', (t) => {
  t.is(effectiveCapabilities('CapPrm:\t00000000000000ff\nCapEff:\t000000c000080004\n'), ALL);
});
