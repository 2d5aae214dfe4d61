/** `coral top` on a terminal: the first frame comes before any connection. */

import type { Feed } from '../../tui/feed/feed.js';
import type { Surroundings } from '../surroundings.js';
import type { KeptAgent } from './kept-agent.js';

export interface WorkbenchOptions {
  readonly colony: string | undefined;
  readonly service: string | undefined;
  readonly function: readonly string[];
  readonly duration: number | undefined;
}

/** Runs the workbench; gives its exit status. */
export async function openWorkbench(options: WorkbenchOptions, surroundings: Surroundings): Promise<number> {
  const address = options.colony ?? surroundings.config.colony;
  if (address === undefined) await askForPassword(surroundings);
  const { runTop } = await import('../../tui/main.js');
  const told: string[] = [];
  const feeds = feedsOf(quiet(surroundings, told), address);
  const source = { name: address ?? 'private', live: true };
  const status = await runTop({ source, connect: feeds.connect, ...beginning(options) });
  feeds.stop();
  told.forEach(surroundings.say);
  return status;
}

/** sudo cannot ask on a full screen; it never asks root. */
async function askForPassword(surroundings: Surroundings): Promise<void> {
  if (process.geteuid?.() === 0) return;
  const [{ mayProbe }, { pairOptions }, { ensurePair }] = await Promise.all([
    import('../private-pair/start-agent.js'),
    import('../colony/connect.js'),
    import('../private-pair/ensure-pair.js'),
  ]);
  if (!mayProbe()) await ensurePair(pairOptions(surroundings));
}

/** One feed after another, as connections are lost; an agent of our own is looked after until `stop`. */
function feedsOf(surroundings: Surroundings, address: string | undefined) {
  let agent: KeptAgent | undefined;
  return {
    async connect(): Promise<Feed> {
      const { colony, feed } = await openFeed(surroundings, address);
      if (address !== undefined) return feed;
      agent ??= await keptAgent(surroundings);
      return agent.keep(colony, feed);
    },
    stop: () => agent?.stop(),
  };
}

async function openFeed(surroundings: Surroundings, address: string | undefined) {
  const joining = import('../colony/connect.js').then(({ joinColony }) => joinColony(surroundings, address));
  const [{ colony }, { colonyFeed }] = await Promise.all([joining, import('../../tui/feed/colony-feed.js')]);
  return { colony, feed: colonyFeed(colony, { name: address ?? 'private', requestedBy: surroundings.config.user }) };
}

async function keptAgent(surroundings: Surroundings): Promise<KeptAgent> {
  const [{ KeptAgent }, { pairOptions }] = await Promise.all([import('./kept-agent.js'), import('../colony/connect.js')]);
  return new KeptAgent({ ...pairOptions(surroundings), unattended: true });
}

/** Functions named on the command line are measured as soon as the screen is up and connected. */
function beginning({ service, function: functions, duration }: WorkbenchOptions) {
  const durationMs = duration === undefined ? {} : { durationMs: duration / 1e6 };
  return {
    ...(service === undefined ? {} : { service }),
    ...(functions.length === 0 ? {} : { measure: { functions, ...durationMs } }),
  };
}

/** What is told while the screen is open is kept until it has closed; signals are the screen's. */
function quiet({ config, version, executable, out }: Surroundings, told: string[]): Surroundings {
  return { config, version, executable, out, say: (line) => void told.push(line), interruption: new AbortController().signal };
}
