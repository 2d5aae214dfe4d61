import test, { type ExecutionContext } from 'ava';
import type { CoralError } from '../../proto/errors.js';
import { startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

const IDS = ['dbg-01JDX3AAAAAAAAAAAAAAAAAAAA', 'dbg-01JDX3BBBBBBBBBBBBBBBBBBBB', 'dbg-01JDX9CCCCCCCCCCCCCCCCCCCC'];

async function colonyOf(t: ExecutionContext) {
  const colony = await startFakeColony({
    listDebugSessions: () => ({ sessions: IDS.map((sessionId) => ({ sessionId })) }),
    detachUprobe: () => ({ success: true, sessions: [] }),
    getSnapshot: () => ({ snapshot: Buffer.from('{}') }),
  });
  t.teardown(colony.stop);
  const asked = async (path: string, argv: readonly string[]) => {
    await runCommand(path, [...argv, '--colony', colony.address]);
    return colony.calls.at(-1)?.request;
  };
  return { asked, colony };
}

test('a session is named by a beginning or an end that no other has', async (t) => {
  const { asked, colony } = await colonyOf(t);
  for (const typed of ['dbg-01JDX9', '01JDX9', 'CCCC']) {
    t.like(await asked('debug detach', ['shop', '--session-id', typed]), { sessionId: IDS[2], serviceName: 'shop' });
    t.like(await asked('export', [typed]), { sessionId: IDS[2] });
  }
  const lists = colony.calls.filter(({ rpc }) => rpc === 'listDebugSessions').map(({ request }) => request);
  t.like(lists[0], { includeEnded: false });
  t.like(lists[1], { includeEnded: true });
});

test('a whole id asks for no list, and neither does what is too short or fits nothing choose one', async (t) => {
  const { asked, colony } = await colonyOf(t);
  t.like(await asked('export', [IDS[0]!]), { sessionId: IDS[0] });
  t.like(await asked('export', ['CCC']), { sessionId: 'CCC' });
  t.is(colony.calls.length, 2);
  t.like(await asked('export', ['dbg-01KAAA']), { sessionId: 'dbg-01KAAA' });
});

test('where several sessions are meant they are named and nothing is done', async (t) => {
  const { asked, colony } = await colonyOf(t);
  const error = await t.throwsAsync<CoralError>(asked('debug detach', ['--session-id', 'dbg-01JDX3']));
  t.like(error, {
    code: 'SESSION_NOT_FOUND',
    exitCode: 3,
    message: '2 sessions begin or end with dbg-01JDX3',
    hint: `write more of it: ${IDS[0]}, ${IDS[1]}`,
  });
  t.deepEqual(
    colony.calls.map(({ rpc }) => rpc),
    ['listDebugSessions'],
  );
});
