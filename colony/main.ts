/** `coral colony run`: the colony as a process. */

import { claimDirectory } from '../proto/claim-directory.js';
import { ALWAYS_NEEDED, buildColony, type Colony } from './colony.js';
import { type ColonyConfig, type RunColonyOptions, readConfig } from './config.js';
import { Idleness } from './process/idleness.js';
import { writePidFile } from './process/pid-file.js';
import { untilTold } from './process/signals.js';
import type { History } from './store/ports.js';
import { StoredHistory } from './store/stored-history.js';
import { listen } from './wire/listen.js';

export type { RunColonyOptions } from './config.js';

/** How long calls may take to end after the sessions have. */
const GRACE_MS = 500;

/** How long a question waits for the first agent, which is started beside a private colony. */
const AGENT_WAIT_MS = 3000;

/** How long an agent's link may be gone before its sessions end as agent_lost. */
const LOST_AFTER_MS = { private: 1500, shared: 10_000 };

/**
 * Runs a colony until SIGTERM or SIGINT, or, if private, until nobody has needed it for 5 s. Sessions that are open then
 * end as interrupted. Throws USAGE, UNSUPPORTED, NO_PERMISSION or COLONY_UNREACHABLE when it cannot start.
 */
export async function runColony(options: RunColonyOptions): Promise<void> {
  const config = readConfig(options);
  const told = untilTold();
  const idleness = config.private ? new Idleness(() => colony.sessions.open.length > 0) : undefined;
  const history = historyOf(config);
  const colony = assemble(config, history, idleness);
  if (config.private) claimDirectory(config.runtimeDir);
  const listening = await listen(config.listen, colony.services);
  const removePidFile = config.private ? writePidFile(config.pidPath) : () => undefined;
  say(`coral colony ${config.version} listens on ${listening.address}`);
  // The first answers do not wait for DuckDB, which takes 0.2 s to load.
  history.open();
  const why = await Promise.race([told, idleness?.reached ?? told]);
  say(`coral colony ends: ${why}`);
  idleness?.close();
  await colony.close();
  await listening.close(GRACE_MS);
  removePidFile();
}

function assemble(config: ColonyConfig, history: History, idleness: Idleness | undefined): Colony {
  return buildColony({
    version: config.version,
    rules: config,
    history,
    activity: idleness ?? ALWAYS_NEEDED,
    lostAfterMs: config.private ? LOST_AFTER_MS.private : LOST_AFTER_MS.shared,
    agentWaitMs: config.private ? AGENT_WAIT_MS : 0,
    say,
  });
}

function historyOf(config: ColonyConfig): StoredHistory {
  return new StoredHistory({ directory: config.stateDir, takeUpMs: config.private ? 0 : LOST_AFTER_MS.shared, ...config });
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}
