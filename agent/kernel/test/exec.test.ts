import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { allReturned, lossesOf, slotOf, startMeasuring } from './measuring.js';
import { buildTarget, startTarget } from './targets.js';

const path = buildTarget('execs.c', 'gcc -O1 -no-pie -fno-omit-frame-pointer -fno-shrink-wrap');

for (const program of ['timed', 'session', 'count'] as const) {
  test.serial(`what a process calls after exec of the same file is not counted with the program "${program}"`, async (t) => {
    const target = await startTarget(path);
    const { session, link } = startMeasuring(target, { names: ['work', 'begin'], owner: 'thread', program });
    const truth = await target.exercise('again');
    session.setKnobs(0, { goidOffset: 0, sampleRate: 0, slowerThanNs: 0, generation: 0 });
    await target.exercise('again');
    session.disarm(link);
    target.kill();
    const calls = (of: number) => Number(session.readSlots().calls[of]);
    t.deepEqual([calls(0), calls(1)], [truth.work!, truth.begin!]);
    if (program !== 'count') t.deepEqual(slotOf(session, 0), allReturned(truth.work!));
    t.deepEqual(lossesOf(session), {});
    session.close();
  });
}

test.serial('an agent in a pid namespace of its own knows processes and threads by its own numbers', (t) => {
  const helper = fileURLToPath(new URL('./across-exec.js', import.meta.url));
  // Processes outside of it have no number there, whatever they begin.
  const outside = spawn('sh', ['-c', 'while :; do /bin/true; done']);
  t.teardown(() => outside.kill('SIGKILL'));
  const within = ['--pid', '--fork', '--mount-proc', process.execPath, helper, path];
  const { truth, work, begin, pid, tgid } = JSON.parse(execFileSync('unshare', within, { encoding: 'utf8' }));
  t.deepEqual(work, allReturned(truth.work));
  t.is(begin.calls, truth.begin);
  t.deepEqual(tgid, [pid], 'the call that exec ended');
});
