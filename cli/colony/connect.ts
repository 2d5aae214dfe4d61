/** The colony that a command talks to: the one it was told of, or the private one, started when needed. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import type { GetStatusResponse } from '../../proto/gen/coral/colony/v1/debug.js';
import { unreportedEnd } from '../format/sessions.js';
import { ensurePair, type PairOptions, startPair } from '../private-pair/ensure-pair.js';
import { endProcess } from '../private-pair/processes.js';
import { pairPaths } from '../private-pair/runtime-dir.js';
import type { Surroundings } from '../surroundings.js';

const LINK_TIMEOUT_MS = 10_000;
const LINK_POLL_MS = 10;
const END_TIMEOUT_MS = 5_000;

/** Runs `work` with a colony and closes it after; tells of sessions that ended unseen first. */
export async function withColony<T>(
  surroundings: Surroundings,
  address: string | undefined,
  work: (colony: Colony, status: GetStatusResponse) => Promise<T>,
): Promise<T> {
  const { colony, status } = await joinColony(surroundings, address);
  try {
    if (status.unreportedEnds.length > 0) await tellEnds(colony, surroundings);
    return await work(colony, status);
  } finally {
    colony.close();
  }
}

/** A connection that keeps a private colony alive; a private one has an agent. The caller closes it. */
export async function joinColony(surroundings: Surroundings, address = surroundings.config.colony): Promise<Connection> {
  const connection = await (address === undefined ? openPrivate(surroundings) : openShared(address));
  keepAlive(connection.colony);
  return connection;
}

export interface Connection {
  readonly colony: Colony;
  readonly status: GetStatusResponse;
}

async function openShared(address: string): Promise<Connection> {
  const { connectColony } = await import('../../proto/client.js');
  const colony = connectColony(address);
  return { colony, status: await colony.getStatus({}) };
}

/** Each end is told once, to whoever takes it. */
async function tellEnds(colony: Colony, { say }: Surroundings): Promise<void> {
  const { unreportedEnds } = await colony.getStatus({ takeUnreportedEnds: true });
  for (const end of unreportedEnds) say(unreportedEnd(end));
}

/** The library is imported while the pair starts. A pair of another version is replaced once: the next may be newer than we. */
async function openPrivate(surroundings: Surroundings): Promise<Connection> {
  const options = pairOptions(surroundings);
  const untilReady = await startPair(options);
  const { connectColony } = await import('../../proto/client.js');
  await untilReady();
  const connect = (): Colony => connectColony(`unix:${options.paths.colonySocket}`);
  const joined = await untilLinked(connect, options);
  if (joined.status.version === surroundings.version || !(await endPair(joined, surroundings))) return joined;
  await ensurePair(options);
  return untilLinked(connect, options);
}

/** Waits for an agent to link; a colony or agent that ends just now is started again. */
async function untilLinked(connect: () => Colony, options: PairOptions): Promise<Connection> {
  const giveUpAt = performance.now() + LINK_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    const colony = connect();
    const status = await linkedStatus(colony);
    if (status) return { colony, status };
    colony.close();
    await sleep(LINK_POLL_MS);
    await ensurePair(options);
  }
  throw notLinked(options.paths.agentLog, LINK_TIMEOUT_MS);
}

/** The colony's status if an agent is linked; undefined when it has none or is gone. */
async function linkedStatus(colony: Colony): Promise<GetStatusResponse | undefined> {
  try {
    const status = await colony.getStatus({});
    return hasLinkedAgent(status) ? status : undefined;
  } catch (error) {
    if (error instanceof CoralError && error.code === 'COLONY_UNREACHABLE') return undefined;
    throw error;
  }
}

/** Whether an agent is there that takes orders. */
export const hasLinkedAgent = ({ agents }: GetStatusResponse): boolean => agents.some(({ state }) => state === 'linked');

/** Ends a pair of another version, unless somebody's session is open in it; whether it did. */
async function endPair({ colony, status }: Connection, { say, version }: Surroundings): Promise<boolean> {
  if (status.openSessions > 0) {
    say(
      `coral: the running pair is version ${status.version}, this is ${version}; sessions are open in it, so it is used as it is`,
    );
    return false;
  }
  colony.close();
  const pids = [status.pid, ...status.agents.map(({ pid }) => pid)].filter((pid) => pid > 0);
  await Promise.all(pids.map((pid) => endProcess(pid, END_TIMEOUT_MS)));
  return true;
}

/** A private colony ends when nobody attends; the stream's end with our own is no error. */
function keepAlive(colony: Colony): void {
  const attendance = colony.attend({ client: `coral pid ${process.pid}` });
  void (async () => {
    for await (const _ of attendance);
  })().catch(() => undefined);
}

/** What the private pair of this user is started with. */
export function pairOptions({ config, executable, say }: Surroundings): PairOptions {
  return {
    paths: pairPaths(config.runtimeDir),
    uid: process.getuid?.() ?? 0,
    executable,
    environment: config.environment,
    say,
  };
}

export function notLinked(log: string, timeoutMs: number): CoralError {
  return new CoralError(
    'AGENT_UNREACHABLE',
    `no agent linked to the private colony within ${timeoutMs / 1000} s`,
    `the agent's log is ${log}; \`coral doctor\` says what this host can do`,
    { log },
  );
}
