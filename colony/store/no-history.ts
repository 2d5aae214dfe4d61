/** A colony that keeps nothing: used where the history is switched off or cannot be opened. */

import { CoralError } from '../../proto/errors.js';
import type { History } from './ports.js';

/** `error` says why there is none. */
export function noHistory(path: string, error: string): History {
  const nothing = (): void => undefined;
  return {
    path,
    error,
    trouble: nothing,
    unreportedEnds: [],
    takeUnreportedEnds: nothing,
    reportLater: nothing,
    takenUp: nothing,
    opened: nothing,
    tick: nothing,
    calls: nothing,
    ended: async () => undefined,
    query: async () => {
      throw new CoralError('NO_HISTORY', `there is no history: ${error}`, '`coral debug list` shows the sessions of this colony');
    },
    endedSessions: async () => [],
    snapshot: async () => undefined,
    close: async () => undefined,
  };
}
