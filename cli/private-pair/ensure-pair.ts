/** Makes sure that a private colony and agent run: joins those that answer, starts those that do not. */

import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoralError, type ErrorCode } from '../../proto/errors.js';
import { answers } from '../../proto/socket-answers.js';
import { lastLines, launch } from './processes.js';
import { claimRuntimeDir, type PairPaths } from './runtime-dir.js';
import { startAgent } from './start-agent.js';
import { takeStartLock } from './start-lock.js';

const START_TIMEOUT_MS = 10_000;
const POLL_MS = 5;
/** Of memory for what lives briefly; V8's own three times 16 MB would stay resident in processes that make little garbage. */
const NODE_FLAGS = ['--max-semi-space-size=2'];

export interface PairOptions {
  readonly paths: PairPaths;
  readonly uid: number;
  /** bin/coral, run by this node. */
  readonly executable: string;
  readonly environment: NodeJS.ProcessEnv;
  say(line: string): void;
  /** Nobody can be asked for a password: a screen has the terminal. */
  readonly unattended?: true;
}

/** Resolves when both sockets answer. Throws NO_PERMISSION, COLONY_UNREACHABLE or AGENT_UNREACHABLE with the log's end. */
export async function ensurePair(options: PairOptions): Promise<void> {
  const untilReady = await startPair(options);
  await untilReady();
}

/**
 * Resolves as soon as nothing has to be started any more, so that the caller can do other work while the processes come
 * up; what it gives, which must be called, waits until both answer.
 */
export async function startPair(options: PairOptions): Promise<() => Promise<void>> {
  claimRuntimeDir(options.paths.directory, options.uid);
  if (await pairAnswers(options.paths)) return async () => {};
  const release = await takeStartLock(options.paths.startLock);
  try {
    const started = await startMissing(options);
    return () => untilBothAnswer(options, started).finally(release);
  } catch (error) {
    release();
    throw error;
  }
}

async function pairAnswers({ colonySocket, agentSocket }: PairPaths): Promise<boolean> {
  const [colony, agent] = await Promise.all([answers(colonySocket), answers(agentSocket)]);
  return colony && agent;
}

/** What this command has started; `process` is hidden behind sudo. Absent: somebody else's answered. */
interface Started {
  colony?: { readonly process: ChildProcess | undefined };
  agent?: { readonly process: ChildProcess | undefined };
}

async function startMissing(options: PairOptions): Promise<Started> {
  const { paths } = options;
  const [colonyUp, agentUp] = await Promise.all([answers(paths.colonySocket), answers(paths.agentSocket)]);
  return {
    ...(colonyUp ? {} : { colony: { process: startColony(options) } }),
    ...(agentUp ? {} : { agent: { process: startPrivateAgent(options) } }),
  };
}

/** One that answered and has ended since (an agent goes soon after its colony) is started too. */
async function untilBothAnswer(options: PairOptions, started: Started): Promise<void> {
  const { colonySocket, agentSocket, colonyLog, agentLog } = options.paths;
  await untilAnswering(colonySocket, { code: 'COLONY_UNREACHABLE', what: 'the private colony', log: colonyLog }, () => {
    started.colony ??= { process: startColony(options) };
    return started.colony.process;
  });
  await untilAnswering(agentSocket, { code: 'AGENT_UNREACHABLE', what: 'the private agent', log: agentLog }, () => {
    started.agent ??= { process: startPrivateAgent(options) };
    return started.agent.process;
  });
}

function startColony({ paths, executable, environment }: PairOptions): ChildProcess {
  rmSync(paths.colonySocket, { force: true });
  const command = [process.execPath, ...NODE_FLAGS, executable, 'colony', 'run', '--private'];
  return launch({ command, environment, logPath: paths.colonyLog });
}

function startPrivateAgent({ paths, executable, environment, ...asking }: PairOptions): ChildProcess | undefined {
  rmSync(paths.agentSocket, { force: true });
  const command = [process.execPath, ...NODE_FLAGS, executable, 'agent', 'run', '--private'];
  return startAgent({ command, environment, logPath: paths.agentLog }, asking);
}

interface Awaited {
  readonly code: ErrorCode;
  readonly what: string;
  readonly log: string;
}

/** Waits for the socket, but not for a process that has ended already. */
async function untilAnswering(socketPath: string, awaited: Awaited, startOnce: () => ChildProcess | undefined): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(socketPath))) {
    const process = startOnce();
    if (hasEnded(process)) throw didNotStart(awaited, `ended at once (${process?.signalCode ?? `status ${process?.exitCode}`})`);
    if (performance.now() > giveUpAt) throw didNotStart(awaited, `did not answer within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}

const hasEnded = (process: ChildProcess | undefined): boolean =>
  process !== undefined && (process.exitCode !== null || process.signalCode !== null);

function didNotStart({ code, what, log }: Awaited, how: string): CoralError {
  const tail = lastLines(log, 5);
  const hint = `its log is ${log}; \`coral doctor\` says what this host can do`;
  return new CoralError(code, `${what} ${how}${tail === '' ? '' : `; the end of its log:\n${tail}`}`, hint, { log });
}
