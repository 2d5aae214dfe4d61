/** A whole agent on this host's kernel, linked to a fake colony: for tests against what programs count themselves. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UprobeConfig } from '../../proto/gen/coral/colony/v1/debug.js';
import type { PartArmed, SessionEnd } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import { type Call, unpackCalls } from '../../snapshots/columns/calls.js';
import { unpackFunctions } from '../../snapshots/columns/functions.js';
import { runAgent } from '../main.js';
import { FakeColony } from './fake-colony.js';
import { closeOrder, openPart } from './orders.js';

export interface Opening {
  pids: number[];
  functions: string[];
  config?: Partial<UprobeConfig>;
  service?: string;
  standing?: boolean;
}

export interface RealPair {
  colony: FakeColony;
  open(sessionId: string, opening: Opening): Promise<PartArmed>;
  close(sessionId: string): Promise<SessionEnd>;
  /** Calls shown singly so far. */
  calls(sessionId: string): Call[];
  stop(): Promise<void>;
}

/** Starts the pair; one a test file. */
export async function startPair(): Promise<RealPair> {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'coral-agent-test-'));
  const colony = await new FakeColony().listen();
  const environment = { CORAL_RUNTIME_DIR: runtimeDir };
  const ended = runAgent({ version: 'test', colony: colony.address, agentId: 'host-a', sdkListen: 'off', environment });
  await colony.find('services');
  return {
    colony,
    open: (sessionId, opening) => open(colony, sessionId, opening),
    close: async (sessionId) => {
      await colony.order(closeOrder(sessionId));
      return colony.find('end', (end) => end.sessionId === sessionId);
    },
    calls: (sessionId) =>
      colony.all('calls').flatMap((frame) => (frame.sessionId === sessionId ? unpackCalls(frame.calls!) : [])),
    stop: async () => {
      process.emit('SIGTERM');
      await ended;
      colony.stop();
      rmSync(runtimeDir, { recursive: true, force: true });
    },
  };
}

async function open(colony: FakeColony, sessionId: string, opening: Opening): Promise<PartArmed> {
  const { pids, functions, service = 'fake', standing = false } = opening;
  const request = { functions, serviceName: service, config: UprobeConfig.fromPartial(opening.config ?? {}) };
  const value = { ...openPart(sessionId, pids, request), standing };
  const { result, errorCode, errorMessage } = await colony.order({ $case: 'open', value });
  if (result?.$case !== 'armed') throw new Error(`${errorCode}: ${errorMessage}`);
  return result.value;
}

/** A row of a tick as numbers. */
export interface Row {
  calls: number;
  returns: number;
  inFlight: number;
  unwound: number;
  untracked: number;
  estimated: number;
  callsError: number;
  sumNs: bigint;
}

/** The rows of a tick by function name and pid. */
export function rowsOf(tick: SessionTick | undefined, { slots }: Pick<PartArmed, 'slots'>): Record<string, Row> {
  const table = unpackFunctions(tick!.functions!);
  const row = (i: number): Row => ({
    calls: table.calls[i]!,
    returns: table.returns[i]!,
    inFlight: table.inFlight[i]!,
    unwound: table.unwound[i]!,
    untracked: table.untracked[i]!,
    estimated: table.estimated[i]!,
    callsError: table.callsError[i]!,
    sumNs: table.sumNs[i]!,
  });
  return Object.fromEntries([...table.row].map((slot, i) => [`${slots[slot]!.name} ${slots[slot]!.pid}`, row(i)]));
}
