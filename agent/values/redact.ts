/** Values that never leave the host: chosen by the name of the parameter or field, its type, or what the text looks like. */

import type { CapturedValue } from '../../snapshots/document.js';

/** Rules as regular expressions (case-insensitive) over names and types, and over whole texts. */
export interface RedactionRules {
  names: RegExp;
  types: RegExp;
  text: RegExp;
}

/** Passwords, tokens, keys, card numbers. */
export const DEFAULT_REDACTION: RedactionRules = {
  names: new RegExp(
    [
      // "passwordHash" and "PASSWORDS" are secrets, "passenger", "passed" and "bypass" are not.
      'pass_?(?:word|wd|phrase|code|key)|pwd|(?<!by|com|en|over|sur|tres|under)pass\\d*$',
      'secret|token|bearer|jwt|credential|mnemonic|authorization|^auth(?:_?(?:key|header|code))?$|cookie|session_?id',
      '(?:api|access|private|signing|encryption|session|master|hmac|ssh)_?key',
      '(?:card|account)_?number|card_?(?:no|num)$|credit_?card|(?:^|_)(?:pan|cvv2?|cvc2?|ssn|pin|otp)(?:_?(?:code|number))?\\d*$',
    ].join('|'),
    'i',
  ),
  types:
    /(?:^|[.:\]*& <])(?:secret(?:string|box)?|password|pass_?phrase|token|credentials?|private_?key)(?:hash|_t)?\d*(?:<.*>)?[ *&]*(?:$|[,>])/i,
  text: /^eyJ[\w-]+\.[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY|^(?:Bearer|Basic) \S/,
};

/** The rules with more expressions for one of them. */
export function withRules(rules: RedactionRules, rule: keyof RedactionRules, sources: readonly string[]): RedactionRules {
  const all = [rules[rule].source, ...sources.map((source) => `(?:${source})`)];
  return { ...rules, [rule]: new RegExp(all.join('|'), 'i') };
}

/** The value, or its name and type with `redacted`; fields of structs one by one. */
export function redact(value: CapturedValue, rules: RedactionRules): CapturedValue {
  if (isSecret(value.name, value.type, rules) || rules.types.test(value.dynamic_type ?? ''))
    return { name: value.name, type: value.type, redacted: true };
  if (typeof value.value === 'string' && isSecretText(value.value, rules))
    return { name: value.name, type: value.type, redacted: true };
  return value.value !== null && typeof value.value === 'object' ? { ...value, value: redactInside(value.value, rules) } : value;
}

function redactInside(inside: object, rules: RedactionRules): unknown {
  if (Array.isArray(inside)) return inside.map((item) => redactOne('', item, rules));
  return Object.fromEntries(Object.entries(inside).map(([name, item]) => [name, redactOne(name, item, rules)]));
}

function redactOne(name: string, item: unknown, rules: RedactionRules): unknown {
  if (name !== '' && rules.names.test(name)) return { redacted: true };
  if (typeof item === 'string') return isSecretText(item, rules) ? { redacted: true } : item;
  return item !== null && typeof item === 'object' ? redactInside(item, rules) : item;
}

/** Large integers come as strings too: among digits only those with a card's check digit are taken for one. */
const isSecretText = (text: string, rules: RedactionRules): boolean => isCardNumber(text) || rules.text.test(text);

function isCardNumber(text: string): boolean {
  if (!/^(?:\d[ -]?){13,19}$/.test(text)) return false;
  const digits = [...text.replaceAll(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, place) => total + (place % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

const isSecret = (name: string, type: string, rules: RedactionRules): boolean => rules.names.test(name) || rules.types.test(type);
