/** The real stdout and stderr. Owns their errors: a reader that went away ends the command quietly. */

import type { CliConfig } from '../config.js';
import type { Output } from '../surroundings.js';

const DEFAULT_COLUMNS = 100;

/** Stdout as a command sees it. `onGone` is called once when nobody reads it any more. */
export function openOutput(config: CliConfig, onGone: () => void): Output {
  const stream = process.stdout;
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
    onGone();
  });
  return {
    isTerminal: stream.isTTY === true,
    colour: stream.isTTY === true && !config.noColor,
    get columns() {
      return stream.columns ?? DEFAULT_COLUMNS;
    },
    write(text) {
      if (!gone) stream.write(text);
    },
  };
}

/** Writes a line to stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
