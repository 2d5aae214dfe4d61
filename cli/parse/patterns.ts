/** Regular expressions from the command line. */

import { CoralError } from '../../proto/errors.js';

/** Compiles a pattern; throws USAGE with the parser's reason. */
export function compilePattern(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new CoralError(
      'USAGE',
      `--match is no regular expression: ${reason}`,
      'quote it for the shell',
      { match: source },
      { cause },
    );
  }
}

/** One that is none of use: it can fit a name in more ways than can be tried. */
export const matchTooLong = (pattern: RegExp): CoralError =>
  new CoralError(
    'USAGE',
    `--match '${pattern.source}' takes too long`,
    'leave out a repetition within a repetition, such as (a+)+',
    { match: pattern.source },
  );
