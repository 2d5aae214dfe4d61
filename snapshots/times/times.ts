/** The three forms of a moment: Timestamp on the wire, RFC 3339 with nanoseconds in documents, Unix ns to reckon with. */

import { CoralError } from '../../proto/errors.js';
import type { Timestamp } from '../../proto/gen/google/protobuf/timestamp.js';

const NS_PER_S = 1_000_000_000n;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Unix time in ns of a Timestamp. */
export function timestampToNs(timestamp: Timestamp): bigint {
  return BigInt(timestamp.seconds) * NS_PER_S + BigInt(timestamp.nanos);
}

/** Timestamp of a Unix time in ns. */
export function nsToTimestamp(unixNs: bigint): Timestamp {
  const nanos = ((unixNs % NS_PER_S) + NS_PER_S) % NS_PER_S;
  return { seconds: Number((unixNs - nanos) / NS_PER_S), nanos: Number(nanos) };
}

/** RFC 3339 in UTC with nine digits of a Unix time in ns: 2026-11-23T08:00:00.000000001Z. */
export function nsToRfc3339(unixNs: bigint): string {
  const { seconds, nanos } = nsToTimestamp(unixNs);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanos).padStart(9, '0')}Z`;
}

/** Unix time in ns of an RFC 3339 time; throws BAD_SNAPSHOT when it is none. */
export function rfc3339ToNs(text: string): bigint {
  const match = RFC_3339.exec(text);
  const wholeMs = match ? Date.parse(`${match[1]}T${match[2]}${match[4]}`) : Number.NaN;
  if (!match || Number.isNaN(wholeMs)) throw new CoralError('BAD_SNAPSHOT', `"${text}" is no RFC 3339 time`);
  return BigInt(wholeMs) * 1_000_000n + BigInt((match[3] ?? '').padEnd(9, '0'));
}

/** RFC 3339 of a Timestamp. */
export function timestampToRfc3339(timestamp: Timestamp): string {
  return nsToRfc3339(timestampToNs(timestamp));
}

/** Timestamp of an RFC 3339 time; throws BAD_SNAPSHOT when it is none. */
export function rfc3339ToTimestamp(text: string): Timestamp {
  return nsToTimestamp(rfc3339ToNs(text));
}
