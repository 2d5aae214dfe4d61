import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { openKernel } from '../open-kernel.js';
import { startMeasuring } from './measuring.js';
import { findSites } from './sites.js';
import { buildGoTarget, startTarget } from './targets.js';

const NAMES = ['main.outer', 'main.middle', 'main.work'];
const HOLDER = fileURLToPath(new URL('hold-probes.js', import.meta.url));
const INT3 = 0xcc;
const KILL_DEADLINE_MS = 2000;

/** The bytes at the probed sites, in the file and in the process. Go's default build is linked at fixed addresses. */
function bytesAtSites(path: string, pid: number): { file: number[]; memory: number[] } {
  const file = readFileSync(path);
  const sites = findSites(path, NAMES).flatMap(({ entry, returns }) => [entry, ...returns]);
  const textStart = textMapping(pid, path);
  const kernel = openKernel();
  return {
    file: sites.map((offset) => file[offset]!),
    memory: sites.map((offset) => kernel.readMemory(pid, textStart + BigInt(offset), 1)![0]!),
  };
}

/** Address of file offset 0 as the executable mapping implies it. */
function textMapping(pid: number, path: string): bigint {
  const rows = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const [range, , offset] = rows.find((row) => row.includes(' r-xp ') && row.endsWith(path))!.split(' ');
  return BigInt(`0x${range!.split('-')[0]}`) - BigInt(`0x${offset}`);
}

test('twenty attaches and detaches under load change no answer and leave the text as it was', async (t) => {
  const target = await startTarget(buildGoTarget());
  t.teardown(() => target.kill());
  let running = true;
  const load = (async () => {
    for (let rounds = 0; ; rounds++) {
      if (!running) return rounds;
      t.is((await target.exercise('many')).work, 36_000);
    }
  })();
  for (let i = 0; i < 20; i++) {
    const { session, link } = startMeasuring(target, { names: NAMES });
    await new Promise((resolve) => setImmediate(resolve));
    session.disarm(link);
    session.close();
  }
  running = false;
  t.true((await load) > 0);
  const { file, memory } = bytesAtSites(target.path, target.pid);
  t.deepEqual(memory, file);
  await target.stop();
});

test('SIGKILL of the process that holds the probes takes them off', async (t) => {
  const target = await startTarget(buildGoTarget());
  t.teardown(() => target.kill());
  const holder = spawn(process.execPath, [HOLDER, String(target.pid), target.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  t.true(bytesAtSites(target.path, target.pid).memory.every((byte) => byte === INT3));
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  const killedAt = Date.now();
  holder.kill('SIGKILL');
  await ended;
  for (;;) {
    const { file, memory } = bytesAtSites(target.path, target.pid);
    if (memory.every((byte, i) => byte === file[i])) break;
    if (Date.now() - killedAt > KILL_DEADLINE_MS) t.fail('probes are still there after 2 s');
  }
  t.deepEqual(await target.exercise('many'), { outer: 12_000, middle: 12_000, work: 36_000 });
  await target.stop();
});
