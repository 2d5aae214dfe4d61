/** Captured values as text. It is an attacker's: every use passes cellText. */

import type { CapturedValue, SingleCall } from '../../snapshots/document.js';

/** A value as it stands in a struct, slice or interface: plain JSON, or marked like a captured one. */
type Marked = Omit<CapturedValue, 'name' | 'type'>;

/** `userID="u_12345" amount=100 -> err=nil`: all values of a call in one line; undefined where none were captured. */
export function valuesText({ arguments: args, results }: Pick<SingleCall, 'arguments' | 'results'>): string | undefined {
  if (args === undefined && results === undefined) return undefined;
  const given = (args ?? []).map(namedText).join(' ');
  const returned = (results ?? []).map(namedText).join(' ');
  return [given, returned === '' ? '' : `-> ${returned}`].filter(Boolean).join(' ');
}

const namedText = (value: CapturedValue): string => `${value.name === '' ? '' : `${value.name}=`}${shortText(value)}`;

function shortText(value: Marked): string {
  if (value.redacted) return 'redacted';
  const dynamic = value.dynamic_type === undefined ? '' : `${value.dynamic_type} `;
  if (value.unreadable !== undefined) return `${dynamic}?(${value.unreadable})`;
  return `${dynamic}${plainText(value)}${value.truncated ? '…' : ''}`;
}

/** One value with all that is known of it: dynamic type, address, what was cut, why it cannot be read. */
export function valueText(value: Marked): string {
  if (value.redacted) return 'redacted';
  const dynamic = value.dynamic_type === undefined ? '' : `${value.dynamic_type} `;
  if (value.unreadable !== undefined) return `${dynamic}unreadable: ${value.unreadable}`;
  const fields = fieldsOf(value);
  return [dynamic, fields === undefined ? plainText(value) : fields.length === 0 ? '{}' : '', factsText(value)]
    .filter(Boolean)
    .join('')
    .trimStart();
}

function factsText(value: Marked): string {
  const facts = [
    value.truncated ? `cut${value.len === undefined ? '' : `, ${value.len} in all`}` : '',
    value.address === undefined ? '' : `at ${value.address}`,
    value.raw_hex === undefined ? '' : `bytes ${value.raw_hex}`,
  ].filter(Boolean);
  return facts.length === 0 ? '' : `  (${facts.join('; ')})`;
}

/** The fields of a struct, each with its text; undefined for anything else. */
export function fieldsOf({ value }: Marked): readonly { readonly name: string; readonly text: string }[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([name, field]) => ({ name, text: innerText(field) }));
}

/** Maps and channels have only their length, functions their name. */
function plainText(value: Marked): string {
  if (value.target !== undefined) return value.target;
  if (value.encoding === 'hex') return `0x${String(value.value)}`;
  if (value.value !== null) return innerText(value.value);
  return value.len === undefined ? 'nil' : `${value.len} elements`;
}

function innerText(value: unknown): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `[${value.map(innerText).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value) ?? '?';
  if (isMarked(value)) return shortText(value);
  return `{${Object.entries(value)
    .map(([name, field]) => `${name}: ${innerText(field)}`)
    .join(', ')}}`;
}

const MARKS = ['unreadable', 'redacted', 'truncated', 'dynamic_type', 'target', 'address', 'len'];

const isMarked = (value: object): value is Marked => MARKS.some((mark) => mark in value);
