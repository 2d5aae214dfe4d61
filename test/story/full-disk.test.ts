import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { goBuild } from '../targets/builds.js';
import type { Snapshot } from './lines.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;

/** A stage whose state directory is a disk of two megabytes. */
async function onSmallDisk(t: ExecutionContext): Promise<{ stage: Stage; disk: string }> {
  const stage = await openStage();
  const disk = join(stage.folder, 'state');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'coral-test', disk]);
  t.teardown(async () => {
    execFileSync('umount', ['--lazy', disk]);
    await stage.close();
  });
  return { stage, disk };
}

/** Leaves no byte. */
function fill(disk: string): void {
  const block = Buffer.alloc(4096);
  try {
    for (let i = 0; ; i++) writeFileSync(join(disk, `filler-${i}`), block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function clear(disk: string): void {
  execFileSync('sh', ['-c', 'rm -f "$1"/filler-*', 'sh', disk]);
}

async function historyFault(stage: Stage): Promise<string> {
  const { stdout } = await stage.coral('doctor', '--format', 'json');
  const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; detail: string }[] };
  return checks.find(({ name, ok }) => name === 'history' && !ok)?.detail ?? '';
}

asRoot('a disk that fills up in mid-session stops the history, says so, and nothing else; room brings it back', async (t) => {
  const { stage, disk } = await onSmallDisk(t);
  const target = await stage.target(goBuild());
  await stage.coral('debug', 'list', '--ended');
  const attachment = await stage.attach(
    `pid:${target.pid}`,
    '--function',
    'main.Plain',
    '--sample-rate',
    '1',
    '--budget',
    'unlimited',
  );
  fill(disk);
  await target.run('plain', 5000, 2);
  const notice = await attachment.next('notice');
  t.regex(`${notice.code} ${notice.message}`, /HISTORY_PAUSED .*live figures go on/);
  t.not(await historyFault(stage), '');
  const snapshot = await attachment.end();
  t.is(snapshot.functions[0]?.calls, 5000);
  clear(disk);
  let kept: Snapshot[] = [];
  await until(
    'the session is in the history',
    async () => {
      const { stdout, exitCode } = await stage.coral(
        'debug',
        'query',
        `pid:${target.pid}`,
        '--function',
        'main.Plain',
        '--format',
        'json',
      );
      kept = exitCode === 0 ? [JSON.parse(stdout) as Snapshot].flat() : [];
      return kept.length > 0;
    },
    20_000,
  );
  t.is(kept[0]?.functions[0]?.calls, 5000);
});

asRoot('a disk that was full before leaves sessions as they are, and says that nothing is kept', async (t) => {
  const { stage, disk } = await onSmallDisk(t);
  fill(disk);
  const target = await stage.target(goBuild());
  const attachment = await stage.attach(`pid:${target.pid}`, '--function', 'main.Plain', '--budget', 'unlimited');
  await target.run('plain', 3000, 2);
  const snapshot = await attachment.end();
  t.is(snapshot.functions[0]?.calls, 3000);
  t.not(await historyFault(stage), '');
  const query = await stage.coral('debug', 'query', `pid:${target.pid}`, '--function', 'main.Plain', '--format', 'json');
  t.is(query.exitCode, 3);
  t.regex(query.stderr, /NO_HISTORY/);
});
