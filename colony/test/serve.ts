/** A colony on a unix socket of its own, for a test. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { type Colony as Client, connectColony } from '../../proto/client.js';
import { buildColony, type Colony, type ColonyParts } from '../colony.js';
import { noHistory } from '../store/no-history.js';
import { listen } from '../wire/listen.js';
import { FakeAgent, type FakeAgentOptions } from './fake-agent.js';

export interface Served {
  readonly colony: Colony;
  readonly client: Client;
  readonly address: string;
  agent(options?: FakeAgentOptions): FakeAgent;
}

/** Starts it, with `parts` in place of the defaults; everything ends with the test. */
export async function serve(t: ExecutionContext, parts: Partial<ColonyParts> = {}): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), 'coral-colony-'));
  const colony = buildColony({
    version: 'test',
    rules: { enabled: true, defaultDurationMs: 60_000, maxDurationMs: 600_000 },
    history: noHistory('', 'a test'),
    lostAfterMs: 100,
    agentWaitMs: 2000,
    say: () => undefined,
    ...parts,
  });
  const listening = await listen(`unix:${directory}/colony.sock`, colony.services);
  const client = connectColony(listening.address);
  const agents: FakeAgent[] = [];
  t.teardown(async () => {
    client.close();
    for (const agent of agents) agent.close();
    await colony.close();
    await listening.close(0);
    rmSync(directory, { recursive: true, force: true });
  });
  const agent = (options?: FakeAgentOptions): FakeAgent => {
    agents.push(new FakeAgent(listening.address, options));
    return agents.at(-1)!;
  };
  return { colony, client, address: listening.address, agent };
}

/** Resolves when `test` holds; the test's own timeout is the limit. */
export async function until(test: () => boolean): Promise<void> {
  while (!test()) await pause(2);
}
