/**
 * The quick way through a right command line: node's own parser over the command's facts. yargs costs 100 ms to import,
 * so it is asked only for help and for lines that this parser does not take.
 */

import { parseArgs } from 'node:util';
import type { CommandFacts, ParsedArguments } from '../commands/command.js';
import { checkArguments } from './values.js';

/** The arguments, or undefined when the line is not plainly right (help asked, unknown option, a value missing). */
export function quickParse(facts: CommandFacts, argv: readonly string[]): ParsedArguments | undefined {
  const split = splitArguments(facts, argv);
  if (!split || split.values.help || split.values.version) return undefined;
  return checkArguments(facts, split.positionals, split.values);
}

function splitArguments(facts: CommandFacts, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(facts.options).map(([name, option]) => [
      name,
      { type: option.type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: option.many === true },
    ]),
  );
  const help = { type: 'boolean' as const };
  try {
    return parseArgs({
      args: [...argv],
      options: { ...options, help: { ...help, short: 'h' }, version: help },
      allowPositionals: true,
      strict: true,
    });
  } catch {
    return undefined;
  }
}
