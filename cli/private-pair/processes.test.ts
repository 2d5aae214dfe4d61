import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import test from 'ava';
import { endProcess, isAlive } from './processes.js';

test('a process that has ended and waits for its parent is not alive', async (t) => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(() => parent.kill('SIGKILL'));
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
  });
  t.true(isAlive(pid));
  t.true(await endProcess(pid, 2000));
  t.notThrows(() => process.kill(pid, 0));
  t.false(isAlive(pid));
});
