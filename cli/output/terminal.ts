/** The real stdout and stderr. Owns their errors: a reader that went away ends the command quietly, a full disk with an error. */

import type { CliConfig } from '../config.js';
import type { Output } from '../surroundings.js';

const DEFAULT_COLUMNS = 100;

/** Stdout as a command sees it. `onGone` is called once when nobody reads it any more. */
export function openOutput(config: CliConfig, onGone: () => void): Output {
  const stream = process.stdout;
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone && error.code !== 'EPIPE') failWriting(error);
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

/** Whether stdout took less than was written, for another reason than that nobody reads it. */
export const outputFailed = (): boolean => failed;

let failed = false;

/** The command goes on to its end, for what it has to take back. */
function failWriting({ message }: Error): void {
  failed = true;
  say(`coral: stdout cannot be written: ${message}`);
}

/** Writes a line to stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when readers have taken all that was written; a pipe takes 64 KB at a time, and an exit drops the rest. */
export async function flushed(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(drained));
}

/** The callback of an empty write comes behind all writes before it, also when the reader went away. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
