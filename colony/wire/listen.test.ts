import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import test from 'ava';
import { connectColony } from '../../proto/client.js';
import { DebugServiceService } from '../../proto/gen/coral/colony/v1/debug.js';
import { answers } from '../../proto/socket-answers.js';
import { listen } from './listen.js';

const GRACE_MS = 300;

test('a colony whose calls end slowly leaves the socket of the next one', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'coral-listen-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'colony.sock');
  let called: () => void = () => undefined;
  const isCalled = new Promise<void>((resolve) => {
    called = resolve;
  });
  const endless: UntypedServiceImplementation = { attend: () => called() };
  const first = await listen(`unix:${path}`, [{ definition: DebugServiceService, implementation: endless }]);
  const client = connectColony(`unix:${path}`);
  t.teardown(() => client.close());
  const attendance = client.attend({})[Symbol.asyncIterator]().next();
  await isCalled;

  const closing = first.close(GRACE_MS);
  while (existsSync(path)) await sleep(1);
  const next = await listen(`unix:${path}`, []);
  await t.throwsAsync(attendance);
  await closing;
  t.true(await answers(path));
  await next.close(0);
  t.false(existsSync(path));
});
