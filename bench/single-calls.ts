/** Single calls from the kernel to committed rows of DuckDB: a program whose every call is shown singly, an agent, a colony. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../colony/store/database.js';
import type { Snapshot } from '../snapshots/document.js';
import { CORAL } from '../test/story/coral.js';
import { openStage } from '../test/story/stage.js';
import { cBuild } from '../test/targets/builds.js';
import type { Measurement } from './report.js';

const CALLS = 2_000_000;
/** The default of 10,000 a second is there to protect the host. */
const SETTINGS = 'agent: { debug: { limits: { max_events_per_second: 5000000 } } }\n';

/** Rows a second from the first call until all are committed; throws where a call is neither in the database nor counted as lost. */
export async function* measureSingleCalls(): AsyncIterable<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'coral-bench-'));
  const stage = await openStage();
  const started: ChildProcess[] = [];
  const run = (...args: string[]) => {
    const child = spawn(CORAL, args, { env: { ...process.env, ...stage.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return child;
  };
  try {
    const address = `unix:${join(folder, 'colony.sock')}`;
    const colony = run('colony', 'run', '--listen', address);
    let said = '';
    colony.stderr.on('data', (words) => {
      said += words;
    });
    const settings = join(folder, 'agent.yaml');
    writeFileSync(settings, SETTINGS);
    const agent = run('agent', 'run', '--colony', address, '--config', settings, '--sdk-listen', 'off');
    await sleep(3000);
    const target = await stage.target(cBuild());
    const session = ['--function', 'framed', '--sample-rate', '1', '--budget', 'unlimited', '--format', 'json'];
    const watcher = run('debug', 'attach', `pid:${target.pid}`, ...session, '--colony', address);
    const document = text(watcher.stdout);
    await once(watcher.stderr, 'data'); // every probe is armed
    const startedMs = performance.now();
    await target.tell(`time ${CALLS}`);
    watcher.kill('SIGINT');
    const { losses } = JSON.parse(await document) as Snapshot;
    await ended(agent);
    await ended(colony);
    const seconds = (performance.now() - startedMs) / 1000;
    const database = await Database.open(join(stage.folder, 'state', 'history.duckdb'));
    const [{ written } = { written: 0 }] = await database.rows('SELECT count(*) AS written FROM debug_events');
    const dropped = Number([...said.matchAll(/(\d+) rows are not in the history/g)].at(-1)?.[1] ?? 0);
    const lost = Object.values(losses).reduce<number>((sum, count) => sum + Number(count), dropped);
    if (Number(written) + lost < CALLS) throw new Error(`${CALLS} calls, ${written} written, ${lost} counted as lost`);
    yield {
      what: 'single calls from the kernel into DuckDB',
      value: Number(written) / seconds,
      unit: 'calls/s',
      goal: { atLeast: 300_000 },
    };
    yield { what: 'of them lost, and counted', value: (lost / CALLS) * 100, unit: '%' };
  } finally {
    for (const child of started) child.kill('SIGKILL');
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
