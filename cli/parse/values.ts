/** From the texts of a command line to the values that a command's option facts promise. */

import { CoralError } from '../../proto/errors.js';
import type { CommandFacts, OptionFacts, ParsedArguments } from '../commands/command.js';
import { parseDurationNs } from './durations.js';

/** Numbers travel as uint32. */
const MAX_NUMBER = 2 ** 32 - 1;

type Texts = Readonly<Record<string, string | boolean | undefined | readonly (string | boolean)[]>>;

/** Checks words and option texts against a command's facts; throws USAGE with what was given and what is expected. */
export function checkArguments(facts: CommandFacts, words: readonly string[], texts: Texts): ParsedArguments {
  return { words: checkWords(facts, words), options: checkOptions(facts, texts) };
}

/** The error of a wrong command line; the hint names the help of that command. */
export function usageError(facts: Pick<CommandFacts, 'path'> | undefined, message: string, details = {}, guess = ''): CoralError {
  const command = facts ? `coral ${facts.path}` : 'coral';
  return new CoralError('USAGE', message, `${guess}see: ${command} --help`, details);
}

function checkWords(facts: CommandFacts, words: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [place, positional] of facts.positionals.entries()) {
    const word = words[place];
    if (word !== undefined) named[positional.name] = word;
    else if (positional.required) throw usageError(facts, `${facts.path}: ${positional.name.toUpperCase()} is missing`);
  }
  const extra = words[facts.positionals.length];
  if (extra !== undefined) throw usageError(facts, `${facts.path}: unexpected argument "${extra}"`, { argument: extra });
  return named;
}

function checkOptions(facts: CommandFacts, texts: Texts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts.options).map(([name, option]) => [name, checkOption(facts, name, option, texts[name])]),
  );
}

function checkOption(facts: CommandFacts, name: string, option: OptionFacts, given: Texts[string]): unknown {
  if (option.type === 'boolean') return given === true;
  const texts = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const values = texts.map((text) => checkText(facts, name, option, String(text)));
  return option.many ? values : values.at(-1);
}

function checkText(facts: CommandFacts, name: string, option: OptionFacts, text: string): string | number {
  const wrong = (expected: string) =>
    usageError(facts, `${facts.path}: --${name} ${expected}, got "${text}"`, { option: name, value: text });
  if (option.choices && !option.choices.includes(text)) throw wrong(`is one of ${option.choices.join(', ')}`);
  if (option.type === 'duration') {
    const durationNs = parseDurationNs(text);
    if (durationNs === undefined) throw wrong('is a duration above zero, like 500ms, 10s or 2m');
    return durationNs;
  }
  if (option.type === 'number') {
    const least = option.least ?? 0;
    const fits = /^\d+$/.test(text) && Number(text) >= least && Number(text) <= MAX_NUMBER;
    if (!fits) throw wrong(`is a whole number from ${least} to ${MAX_NUMBER}`);
    return Number(text);
  }
  if (text === '') throw wrong('is not empty');
  return text;
}

/** yargs takes any text after `--flag=` for false. Throws USAGE. */
export function checkFlags(facts: CommandFacts, argv: readonly string[]): void {
  for (const word of argv) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (facts.options[name]?.type === 'boolean' && !['true', 'false'].includes(value)) {
      throw usageError(facts, `${facts.path}: --${name} takes no value, got "${value}"`, { option: name, value });
    }
  }
}
