/** The private agent of an open screen: one that has died is started again, by the clock or by the call that misses it. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import type { Feed } from '../../tui/feed/feed.js';
import { hasLinkedAgent, notLinked } from '../colony/connect.js';
import { ensurePair, type PairOptions } from '../private-pair/ensure-pair.js';

/** Between two looks at the agent. */
const LOOK_MS = 2000;
/** After an agent that could not be started: each try costs half a second of a CPU and lines in a log. */
const REST_MS = 10_000;
const LINK_TIMEOUT_MS = 5000;
const LINK_POLL_MS = 20;

export class KeptAgent {
  #colony: Colony | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reviving: Promise<void> | undefined;

  constructor(private readonly pair: PairOptions) {}

  /** The feed of this colony, whose agent is looked after from now on; that of an earlier one is so no more. */
  keep(colony: Colony, feed: Feed): Feed {
    this.#colony = colony;
    this.#lookAfter(LOOK_MS);
    return {
      ...feed,
      functions: (service) => this.#again(() => feed.functions(service)),
      explain: (service, names) => this.#again(() => feed.explain(service, names)),
      open: (request) => this.#again(() => feed.open(request)),
    };
  }

  stop(): void {
    this.#colony = undefined;
    clearTimeout(this.#timer);
  }

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  /** What fails here is told by the next call that needs the agent; a colony that is gone, by the feed. */
  async #look(): Promise<void> {
    const colony = this.#colony;
    if (colony === undefined) return;
    const kept = await this.#revive(colony).then(
      () => true,
      () => false,
    );
    if (this.#colony === colony) this.#lookAfter(kept ? LOOK_MS : REST_MS);
  }

  /** Nothing of a call was done when its agent was away. */
  async #again<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (this.#colony === undefined || !(error instanceof CoralError) || error.code !== 'AGENT_UNREACHABLE') throw error;
      await this.#revive(this.#colony);
      return call();
    }
  }

  /** Resolves when the colony has an agent; whoever asks meanwhile waits for the same one. */
  #revive(colony: Colony): Promise<void> {
    this.#reviving ??= revive(colony, this.pair).finally(() => {
      this.#reviving = undefined;
    });
    return this.#reviving;
  }
}

/** An agent may link a little later than its socket answers. */
async function revive(colony: Colony, pair: PairOptions): Promise<void> {
  if (await isLinked(colony)) return;
  await ensurePair(pair);
  const giveUpAt = performance.now() + LINK_TIMEOUT_MS;
  while (!(await isLinked(colony))) {
    if (performance.now() > giveUpAt) throw notLinked(pair.paths.agentLog, LINK_TIMEOUT_MS);
    await sleep(LINK_POLL_MS);
  }
}

const isLinked = async (colony: Colony): Promise<boolean> => hasLinkedAgent(await colony.getStatus({}));
