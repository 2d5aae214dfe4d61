import type { OpenCall } from '../../proto/gen/coral/live/v1/live.js';
import type { Call } from '../columns/calls.js';
import { timestampToNs } from '../times/times.js';
import type { Part } from './part.js';

const MAX_OPEN_CALLS = 64;

/** The slowest calls of each row over all parts, `maxSlow` at the most, slowest first; `row` is the session's. */
export function mergeSlowCalls(parts: readonly Part[], maxSlow: number): Call[] {
  const all = parts.flatMap((part) => part.slowCalls.map((call) => ({ ...call, row: part.rows[call.row]! })));
  all.sort((a, b) => b.durationNs - a.durationNs);
  const kept = new Map<number, number>();
  return all.filter(({ row }) => {
    kept.set(row, (kept.get(row) ?? 0) + 1);
    return kept.get(row)! <= maxSlow;
  });
}

/** The oldest open calls of all parts; `row` is the session's. */
export function mergeOpenCalls(parts: readonly Part[]): OpenCall[] {
  const all = parts.flatMap((part) => part.openCalls.map((open) => ({ ...open, row: part.rows[open.row]! })));
  return all.sort((a, b) => b.ageNs - a.ageNs).slice(0, MAX_OPEN_CALLS);
}

/** Losses by reason; only counts above zero. */
export function sumLosses(parts: readonly Part[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const part of parts) {
    for (const [reason, count] of part.losses) if (count > 0) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return sums;
}

/** Unix time in ns of the latest tick of any part; undefined before the first. */
export function latestTick(parts: readonly Part[]): bigint | undefined {
  const times = parts.flatMap((part) => (part.at ? [timestampToNs(part.at)] : []));
  return times.sort((a, b) => Number(a - b)).at(-1);
}
