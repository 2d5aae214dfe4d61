/** Whether the figures on the screen are still of now. */

import type { Session, State } from './state.js';

/** Ticks come five times a second, whether anything is called or not. */
const STALE_AFTER_MS = 2000;

/** True when the session should be heard and is not, or is out of reach. Other ended ones' figures are final. */
export function isStale(state: State, session: Session | undefined): boolean {
  if (session === undefined || state.frozen !== undefined) return false;
  if (session.lost || session.endReason === 'agent_lost') return true;
  return session.status === 'running' && session.reading !== undefined && state.nowMs - session.heardAtMs > STALE_AFTER_MS;
}
