/** The message for an option that a command does not have. Pure. */

import { editDistance } from '../../proto/edit-distance.js';
import type { CoralError } from '../../proto/errors.js';
import type { CommandFacts } from '../commands/command.js';
import { usageError } from './values.js';

const MAX_DISTANCE = 2;

/** An error when the line has an option of none of the command's names; undefined when it has not. */
export function unknownOption(facts: CommandFacts, argv: readonly string[]): CoralError | undefined {
  const known = [...Object.keys(facts.options), 'help', 'version'];
  const named = argv.slice(0, endOfOptions(argv)).map((word) => /^--([^=]+)/.exec(word)?.[1]);
  const asked = named.find((name) => name !== undefined && !known.includes(name));
  if (asked === undefined) return undefined;
  const near = known
    .filter((name) => editDistance(name, asked) <= MAX_DISTANCE || name.startsWith(asked))
    .map((name) => `--${name}`);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return usageError(facts, `${facts.path}: there is no option --${asked}`, { option: asked, near }, guess);
}

const endOfOptions = (argv: readonly string[]): number => (argv.includes('--') ? argv.indexOf('--') : argv.length);
