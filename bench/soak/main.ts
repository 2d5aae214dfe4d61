/**
 * The soak: a hundred million probed calls over a mix of targets (growth, garbage collections, panics, Goexit, migration,
 * longjmp, exceptions, threads that leave, fork, exec) while sessions come and go. Argument: calls, instead of that many.
 */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStage, type Stage } from '../../test/story/stage.js';
import { ROOT } from '../../test/targets/build-targets.js';
import { type Build, cBuild, cppBuild, goBuild } from '../../test/targets/builds.js';
import type { Target } from '../../test/targets/target.js';
import { median } from '../report.js';
import { execRound, type Outcome, type Round, runRound } from './rounds.js';

const CALLS = Number(process.argv[2] ?? 100_000_000);
const REBORN: Build = { name: 'reborn', source: `${ROOT}bench/soak/reborn.c`, command: 'gcc', args: ['-O2', 'reborn.c', '-o'] };
/** After so many turns everything has been used once, and V8 has found its size. */
const WARM_TURNS = 2;
/** What memory may grow by, agent and targets. */
const MAX_GROWTH_BYTES = 5e6;
const LINE_MS = 15_000;

const stage = await openStage();
try {
  await soak(stage);
} finally {
  await stage.close();
}

async function soak(stage: Stage): Promise<void> {
  const targets = await Promise.all([goBuild(), goBuild('stripped'), cBuild('O2'), cppBuild('O2'), REBORN].map(stage.target));
  const [go, stripped, c, cpp, reborn] = targets as [Target, Target, Target, Target, Target];
  const total: Outcome = { calls: 0, sessions: 0, faults: [] };
  const resident = targets.map((): number[] => []);
  const agents = { pids: new Set<number>(), own: [] as number[], maps: [] as number[] };
  const started = performance.now();
  let printed = started;
  for (let turn = 0; total.calls < CALLS && total.faults.length < 20; turn++) {
    for (const round of roundsOf(go, stripped, c, cpp)) add(total, await runRound(stage, round));
    add(total, await execRound(stage, reborn, 5000));
    const agent = (await stage.daemon('agent')) ?? 0;
    agents.pids.add(agent);
    if (turn < WARM_TURNS) continue;
    const memory = residentOf(agent);
    agents.own.push(memory.own);
    agents.maps.push(memory.maps);
    for (const [index, { pid }] of targets.entries()) resident[index]?.push(residentOf(pid).own);
    if (performance.now() - printed > LINE_MS) {
      printed = performance.now();
      console.log(line(total, started, agents.own.at(-1) ?? 0));
    }
  }
  console.log(line(total, started, agents.own.at(-1) ?? 0));
  console.log(`agents that served: ${agents.pids.size}`);
  const grown = (name: string, bytes: number): void => {
    if (bytes > MAX_GROWTH_BYTES) add(total, { calls: 0, sessions: 0, faults: [`${name} grew by ${bytes / 1e6} MB`] });
  };
  grown('agent', growth('agent', agents.own, median));
  grown(
    'maps',
    growth('the kernel programs’ maps in it', agents.maps, (bytes) => Math.max(...bytes)),
  );
  for (const [index, name] of ['go', 'go, stripped', 'c', 'c++', 'exec'].entries())
    grown(name, growth(name, resident[index] ?? [], median));
  for (const target of targets)
    if ((await Promise.race([target.end(), sleep(5000, 'hung')])) !== 0)
      add(total, { calls: 0, sessions: 0, faults: [`${target.path} did not end well`] });
  console.log(
    total.faults.length === 0 ? 'every count was the target’s own; nothing crashed; all text was equal' : 'there were faults',
  );
  process.exitCode = total.faults.length === 0 ? 0 : 1;
}

function roundsOf(go: Target, stripped: Target, c: Target, cpp: Target): Round[] {
  const all = ['Plain', 'Recurse', 'Grow', 'Guard', 'MayPanic', 'Leave', 'Migrate', 'Checkout'].map((name) => `main.${name}`);
  const timed = { turns: 1000, threads: 8 };
  return [
    {
      name: 'go, counted',
      target: go,
      work: 'recurse',
      turns: 80_000,
      threads: 4,
      functions: ['main.Recurse'],
      countOnly: true,
    },
    { name: 'go, mixed', target: go, work: 'mixed', ...timed, functions: all, churn: true },
    { name: 'go, restless', target: go, work: 'mixed', turns: 2000, threads: 8, functions: all, churn: true, restless: true },
    { name: 'go stripped, growth', target: stripped, work: 'grow', turns: 500, threads: 4, functions: ['main.Grow'] },
    {
      name: 'go stripped, counted',
      target: stripped,
      work: 'recurse',
      turns: 20_000,
      threads: 4,
      functions: ['main.Recurse'],
      countOnly: true,
    },
    { name: 'c, counted', target: c, work: 'plain', turns: 20_000, threads: 4, functions: ['plain'], countOnly: true },
    { name: 'c, longjmp', target: c, work: 'longjmp', ...timed, functions: ['outer', 'jumper'] },
    { name: 'c, threads that leave', target: c, work: 'exit', turns: 400, threads: 4, functions: ['quitter'] },
    { name: 'c, fork', target: c, work: 'fork', turns: 200, threads: 2, functions: ['forker'] },
    { name: 'c, restless', target: c, work: 'choose', turns: 5000, threads: 4, functions: ['choose', 'plain'], restless: true },
    {
      name: 'c++, exceptions',
      target: cpp,
      work: 'throw',
      ...timed,
      functions: ['shop::attempt(int)', 'shop::thrower(int, int)'],
    },
  ];
}

function add(total: Outcome, { calls, sessions, faults }: Outcome): void {
  total.calls += calls;
  total.sessions += sessions;
  total.faults.push(...faults);
  for (const fault of faults) console.log(`WRONG ${fault}`);
}

function line({ calls, sessions, faults }: Outcome, started: number, agentBytes: number): string {
  const seconds = Math.round((performance.now() - started) / 1000);
  const agent = `agent ${(agentBytes / 1e6).toFixed(1)} MB`;
  return `${String(seconds).padStart(5)} s  ${calls.toLocaleString('en')} probed calls, ${sessions} sessions, ${faults.length} faults, ${agent}`;
}

/**
 * Prints and gives by how much `typical` of the last third is above that of the first. The lowest of a third was the luck of one
 * collection of garbage: the same agent passed with it and failed.
 */
function growth(name: string, bytes: readonly number[], typical: (bytes: readonly number[]) => number): number {
  const third = Math.ceil(bytes.length / 3);
  const [first, last] = [typical(bytes.slice(0, third)), typical(bytes.slice(-third))];
  const megabytes = (value: number): string => (value / 1e6).toFixed(1);
  const sign = last < first ? '' : '+';
  const seen = `lowest ${megabytes(Math.min(...bytes))}, highest ${megabytes(Math.max(...bytes))}`;
  console.log(
    `memory of ${name}: ${megabytes(first)} MB in the first third, ${megabytes(last)} MB in the last (${sign}${megabytes(last - first)}; ${seen})`,
  );
  return last - first;
}

/**
 * What a process has resident, in bytes: of its own, and of maps of kernel programs. A session kept ready has 20 MB of maps and is
 * there or just taken: counted together, two readings of one agent differ by that.
 */
function residentOf(pid: number): { own: number; maps: number } {
  const bytes = { own: 0, maps: 0 };
  let of: keyof typeof bytes = 'own';
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) of = line.includes('anon_inode:bpf-map') ? 'maps' : 'own';
    bytes[of] += Number(/^Rss:\s+(\d+) kB/.exec(line)?.[1] ?? 0) * 1024;
  }
  return bytes;
}
