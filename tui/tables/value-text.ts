/** Captured values as text. It is an attacker's: every use passes cellText. */

import type { CapturedValue, SingleCall } from '../../snapshots/document.js';

/** `userID="u_12345" amount=100 -> err=nil`: all values of a call in one line; undefined where none were captured. */
export function valuesText({ arguments: args, results }: Pick<SingleCall, 'arguments' | 'results'>): string | undefined {
  if (args === undefined && results === undefined) return undefined;
  const given = (args ?? []).map(namedText).join(' ');
  const returned = (results ?? []).map(namedText).join(' ');
  return [given, returned === '' ? '' : `-> ${returned}`].filter(Boolean).join(' ');
}

const namedText = (value: CapturedValue): string => `${value.name === '' ? '' : `${value.name}=`}${shortText(value)}`;

function shortText(value: CapturedValue): string {
  if (value.redacted) return 'redacted';
  if (value.unreadable !== undefined) return `?(${value.unreadable})`;
  return `${plainText(value)}${value.truncated ? '…' : ''}`;
}

/** One value with all that is known of it: dynamic type, address, what was cut, why it cannot be read. */
export function valueText(value: CapturedValue): string {
  if (value.redacted) return 'redacted';
  if (value.unreadable !== undefined) return `unreadable: ${value.unreadable}`;
  const facts = [
    value.truncated ? `cut${value.len === undefined ? '' : `, ${value.len} in all`}` : '',
    value.address === undefined ? '' : `at ${value.address}`,
    value.raw_hex === undefined ? '' : `bytes ${value.raw_hex}`,
  ].filter(Boolean);
  const dynamic = value.dynamic_type === undefined ? '' : `${value.dynamic_type} `;
  return `${dynamic}${plainText(value)}${facts.length > 0 ? `  (${facts.join('; ')})` : ''}`;
}

/** Maps and channels have only their length, functions their name. */
function plainText(value: CapturedValue): string {
  if (value.target !== undefined) return value.target;
  if (value.encoding === 'hex') return `0x${String(value.value)}`;
  if (value.value !== null) return JSON.stringify(value.value) ?? '?';
  return value.len === undefined ? 'nil' : `${value.len} elements`;
}
