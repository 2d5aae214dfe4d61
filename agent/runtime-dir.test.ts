import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { claimPlace, leavePlace } from './runtime-dir.js';

/** A place whose pid file names a process that lives: the parent of this one. */
function place(t: ExecutionContext, ageS: number) {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-place-'));
  const files = { runtimeDir, pidPath: join(runtimeDir, 'agent.pid'), socketPath: join(runtimeDir, 'agent.sock') };
  writeFileSync(files.pidPath, `${process.ppid}\n`);
  const writtenAt = Date.now() / 1000 - ageS;
  utimesSync(files.pidPath, writtenAt, writtenAt);
  t.teardown(() => leavePlace(files));
  return files;
}

test('a pid that another process bears by now keeps no agent out', async (t) => {
  const files = place(t, 60);
  await claimPlace(files);
  t.is(readFileSync(files.pidPath, 'utf8'), `${process.pid}\n`);
});

test('an agent that answers, or one that starts just now, does', async (t) => {
  const files = place(t, 60);
  const server = createServer().listen(files.socketPath);
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  await t.throwsAsync(claimPlace(files), { code: 'USAGE', message: /^an agent runs here already \(process \d+, / });
  t.true(existsSync(files.socketPath));
  await t.throwsAsync(claimPlace(place(t, 0)), { code: 'USAGE' });
});

test('an agent that ends late leaves the socket and the pid of the next one', async (t) => {
  const files = place(t, 0);
  writeFileSync(files.socketPath, '');
  leavePlace(files);
  t.true(existsSync(files.socketPath));
  t.is(readFileSync(files.pidPath, 'utf8'), `${process.ppid}\n`);
});
