import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { buildGoTarget, startTarget } from '../kernel/test/targets.js';
import { runAgent } from '../main.js';
import { FakeColony } from './fake-colony.js';
import { openOrder } from './orders.js';

test('A private agent ends its sessions and itself when its colony is gone', async (t) => {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-private-test-'));
  t.teardown(() => rmSync(runtimeDir, { recursive: true, force: true }));
  const target = await startTarget(buildGoTarget());
  t.teardown(() => target.stop());
  const colony = await new FakeColony(runtimeDir).listen();
  const environment = { CORAL_RUNTIME_DIR: runtimeDir };
  const ended = runAgent({ version: 'test', private: true, sdkListen: 'off', environment });
  await colony.find('services');
  t.true(existsSync(join(runtimeDir, 'agent.pid')));
  const { result } = await colony.order(openOrder('dbg-1', [target.pid], { functions: ['main.work'] }));
  t.is(result?.$case, 'armed');
  colony.die();
  await ended;
  t.false(existsSync(join(runtimeDir, 'agent.pid')));
  t.false(existsSync(join(runtimeDir, 'agent.sock')));
});
