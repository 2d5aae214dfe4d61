/** A snapshot file as a feed: one session that has ended, and nothing that could be attached. */

import { CoralError } from '../../proto/errors.js';
import type { Snapshot } from '../../snapshots/document.js';
import type { Feed } from './feed.js';

/** The feed of a document. */
export function replayFeed(snapshot: Snapshot, name: string): Feed {
  const refuse = async (): Promise<never> => {
    throw new CoralError('USAGE', `${name} is a file: nothing can be attached`, 'start coral top without --replay');
  };
  return {
    name,
    live: false,
    status: async () => ({ agents: [], historyError: '', unreportedEnds: [] }),
    services: async () => [],
    functions: refuse,
    explain: async () => [],
    open: refuse,
    addFunctions: refuse,
    change: refuse,
    extend: refuse,
    detach: refuse,
    watch: (_, listen) => {
      listen({ kind: 'ended', reading: { snapshot, rowCostNs: [] } });
      return () => undefined;
    },
    sessions: async () => [],
    history: async () => [],
    snapshot: async () => JSON.stringify(snapshot),
    withProcesses: async () => snapshot,
    close: () => undefined,
  };
}
