/** Moments and durations of the wire as numbers; snapshots/times has the exact forms. */

import type { Duration } from '../../proto/gen/google/protobuf/duration.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';

/** A timestamp of milliseconds since 1970. */
export function timestampOfMs(ms: number): Timestamp {
  const us = Math.round(ms * 1000);
  const seconds = Math.floor(us / 1e6);
  return { seconds, nanos: (us - seconds * 1e6) * 1000 };
}

/** Milliseconds since 1970; 0 for an absent timestamp. */
export const msOfTimestamp = (at: Timestamp | undefined): number => (at === undefined ? 0 : at.seconds * 1000 + at.nanos / 1e6);

/** Milliseconds of a duration; undefined stays undefined. */
export const msOfDuration = (duration: Duration | undefined): number | undefined =>
  duration === undefined ? undefined : duration.seconds * 1000 + duration.nanos / 1e6;

/** A duration of milliseconds. */
export const durationOfMs = (ms: number): Duration => ({ seconds: Math.trunc(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) });

/** Unix time, ns, to the microsecond. */
export const nowNs = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
