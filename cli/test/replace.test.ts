import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startFakeColony } from './fake-colony.js';
import { runCommand } from './run-command.js';

/** A directory where an agent's socket answers. */
function runtimeDirectory(): { directory: string; agent: Server } {
  const directory = mkdtempSync(join(tmpdir(), 'coral-replace-'));
  return { directory, agent: createServer().listen(join(directory, 'agent.sock')) };
}

test('a pair of another version in which sessions are open is used, and that is said', async (t) => {
  const { directory, agent } = runtimeDirectory();
  const status = { version: 'older', openSessions: 1, agents: [{ agentId: 'a', state: 'linked' }] };
  const colony = await startFakeColony({ getStatus: () => status, listServices: () => ({}) }, directory);
  t.teardown(() => {
    agent.close();
    colony.stop();
  });
  const { stderr, status: exit } = await runCommand('services', [], { environment: { CORAL_RUNTIME_DIR: directory } });
  t.is(exit, 0);
  t.deepEqual(stderr, [
    'coral: the running pair is version older, this is fake; sessions are open in it, so it is used as it is',
  ]);
});
