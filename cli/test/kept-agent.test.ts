import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { connectColony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import { answers } from '../../proto/socket-answers.js';
import { colonyFeed } from '../../tui/feed/colony-feed.js';
import { ensurePair, type PairOptions } from '../private-pair/ensure-pair.js';
import { endProcess } from '../private-pair/processes.js';
import { pairPaths } from '../private-pair/runtime-dir.js';
import { KeptAgent } from '../top/kept-agent.js';
import { startFakeColony } from './fake-colony.js';

const FAKE = fileURLToPath(new URL('./fake-daemon.js', import.meta.url));

/** A colony that has an agent as long as the fake one's socket answers; it opens sessions then alone. */
async function openScreen(t: ExecutionContext) {
  const directory = mkdtempSync(join(tmpdir(), 'coral-kept-'));
  const paths = pairPaths(directory);
  const needAgent = async () => {
    if (!(await answers(paths.agentSocket))) throw new CoralError('AGENT_UNREACHABLE', 'it has no link to this colony');
  };
  const fake = await startFakeColony(
    {
      getStatus: async () => ({ agents: [{ agentId: 'a', state: (await answers(paths.agentSocket)) ? 'linked' : 'stale' }] }),
      openSession: async () => needAgent().then(() => ({ session: { sessionId: 'dbg-1' } })),
      explainFunction: async () => {
        throw new CoralError('FUNCTION_NOT_FOUND', 'no such function');
      },
    },
    directory,
  );
  const pair: PairOptions = {
    paths,
    uid: process.getuid?.() ?? 0,
    executable: FAKE,
    environment: { ...process.env, CORAL_RUNTIME_DIR: directory },
    say: () => undefined,
  };
  await ensurePair(pair);
  const colony = connectColony(fake.address);
  const agent = new KeptAgent(pair);
  const feed = agent.keep(colony, colonyFeed(colony, { name: 'private', requestedBy: 'tester' }));
  const pids = () => readFileSync(join(directory, 'starts'), 'utf8').match(/\d+/g)?.map(Number) ?? [];
  t.teardown(async () => {
    agent.stop();
    feed.close();
    await Promise.all(pids().map((pid) => endProcess(pid, 2000)));
    rmSync(directory, { recursive: true, force: true });
    fake.stop();
  });
  const kill = async () => {
    const [pid = 0] = pids().slice(-1);
    process.kill(pid, 'SIGKILL');
    await endProcess(pid, 2000);
  };
  return { feed, agent, fake, paths, pids, kill };
}

const REQUEST = {
  service: 'shop',
  functions: ['f'],
  wishes: { captureValues: false, filters: [], slowerThanNs: 0, sampleRate: 0, budgetPercent: 0 },
};

test('a dead private agent is started again though nobody asks for anything', async (t) => {
  const { paths, pids, kill } = await openScreen(t);
  await kill();
  t.false(await answers(paths.agentSocket));
  for (const until = Date.now() + 5000; !(await answers(paths.agentSocket)) && Date.now() < until; ) await sleep(20);
  t.is(pids().length, 2);
});

test('calls that miss the agent wait for one new one', async (t) => {
  const { feed, pids, kill } = await openScreen(t);
  await kill();
  const sessions = await Promise.all([feed.open(REQUEST), feed.open(REQUEST)]);
  t.deepEqual(
    sessions.map(({ sessionId }) => sessionId),
    ['dbg-1', 'dbg-1'],
  );
  t.is(pids().length, 2);
});

test('what is refused for another reason is asked once', async (t) => {
  const { feed, fake } = await openScreen(t);
  await t.throwsAsync(feed.explain('shop', ['f']), { code: 'FUNCTION_NOT_FOUND' });
  t.is(fake.calls.filter(({ rpc }) => rpc === 'explainFunction').length, 1);
});

test('once the screen has closed, a dead agent stays dead', async (t) => {
  const { agent, paths, kill } = await openScreen(t);
  agent.stop();
  await kill();
  await sleep(2500);
  t.false(await answers(paths.agentSocket));
});
