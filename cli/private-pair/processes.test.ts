import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
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

const FIRST_THREAD_ENDS = `
#include <pthread.h>
#include <unistd.h>
static void *rest(void *none) { sleep(60); return none; }
int main(void) {
  pthread_t other;
  pthread_create(&other, 0, rest, 0);
  pthread_exit(0);
}`;

test('a process whose first thread has ended lives while another runs', async (t) => {
  const path = join(mkdtempSync(join(tmpdir(), 'coral-processes-')), 'first-thread-ends');
  execFileSync('cc', ['-pthread', '-x', 'c', '-', '-o', path], { input: FIRST_THREAD_ENDS });
  const child = spawn(path, { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  const state = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.[0];
  while (state() !== 'Z') await sleep(5);
  t.true(isAlive(child.pid!));
});
