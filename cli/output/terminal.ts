/** The real stdout and stderr. Owns their errors: a reader that went away ends the command quietly, a full disk with an error. */

import type { CliConfig } from '../config.js';
import type { Output } from '../surroundings.js';

const DEFAULT_COLUMNS = 100;
const DEFAULT_ROWS = 24;

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
    get rows() {
      return stream.rows ?? DEFAULT_ROWS;
    },
    write(text) {
      if (!gone) stream.write(withoutControls(text));
    },
    takeBack(lines) {
      if (!gone) stream.write(`\r\u001b[${lines}A\u001b[J`);
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
  process.stderr.write(`${withoutControls(line)}\n`);
}

/** Everything that moves a cursor, asks a terminal something or turns the direction of writing, but for line ends and tabs. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A document of JSON stays the same document: there they stand in strings alone, and this is how JSON writes them. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Resolves when readers have taken all that was written; a pipe takes 64 KB at a time, and an exit drops the rest. */
export async function flushed(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(drained));
}

/** The callback of an empty write comes behind all writes before it, also when the reader went away. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
