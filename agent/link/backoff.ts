/** How long to wait before dialling again. Pure. */

const FIRST_MS = 50;
const MOST_MS = 5000;

/** Full jitter: agents that lost the same colony do not come back in one burst. `attempt` counts from 0; `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(FIRST_MS * 2 ** attempt, MOST_MS));
}
