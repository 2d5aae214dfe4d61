/** What a call of a function uses of a processor at least, by those that were timed. Pure. */

/** No call takes less. */
export const SHORTEST_CALL_NS = 1;
/** A call that takes longer may have slept: a goroutine is parked and woken in as much. */
const SLEEP_NS = 200;
/** Fewer timed calls may all have been long ones. */
const FEW_TIMED = 100;
/** The part of an entry's hit that comes after its clock, and of the return's before it, may cost as much on a machine that is not at rest. */
const HIT_ERROR = 1;

/** `leastNs`: of its timed calls, with what their own probes added, and no others'; `entryHitNs`: what a hit of its entry costs. */
export function shortestCallNs(leastNs: number, timed: number, entryHitNs: number): number {
  if (timed < FEW_TIMED) return SHORTEST_CALL_NS;
  return Math.min(Math.max(leastNs - entryHitNs * (1 + HIT_ERROR), SHORTEST_CALL_NS), SLEEP_NS);
}
