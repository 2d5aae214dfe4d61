/** Session ids: `dbg-` and a ULID, so that ids sort by the time they were made. */

import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

let lastMs = 0;
let lastRandom = 0n;

/** A new id; two of the same millisecond sort in the order they were made. */
export function newSessionId(nowMs = Date.now()): string {
  const ms = Math.max(nowMs, lastMs);
  lastRandom = ms === lastMs ? lastRandom + 1n : BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n;
  lastMs = ms;
  return `dbg-${digits(BigInt(ms), TIME_DIGITS)}${digits(lastRandom, RANDOM_DIGITS)}`;
}

/** Crockford base 32, most significant digit first. */
function digits(value: bigint, count: number): string {
  let text = '';
  for (let rest = value; text.length < count; rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text;
  return text;
}
