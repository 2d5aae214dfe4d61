/** The process's own terminal: opened apart from stdout, so that writing to it never blocks. */

import { openSync, writeSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import type { TerminalInput } from './term-in.js';
import type { TerminalOutput } from './term-out.js';

export interface Terminal {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  /** Writes at once, also from an exit handler; a terminal that is gone is no error. */
  writeNow(text: string): void;
}

/** What Node keeps to itself: without it a stalled terminal freezes the whole program, and only stdout hears of resizes. */
interface TtyInternals {
  readonly _handle?: { setBlocking?(blocking: boolean): void };
  _refreshSize?(): void;
}

/** The controlling terminal, or stdout when it cannot be opened. */
export function ownTerminal(): Terminal {
  const fd = controllingTerminal() ?? process.stdout.fd;
  return {
    input: keyboard(),
    output: fd === process.stdout.fd ? process.stdout : unblocked(fd),
    writeNow: (text) => {
      try {
        writeSync(fd, text);
      } catch {
        // EIO or EAGAIN: the terminal is gone or stalled, and nobody is left to see the restored screen.
      }
    },
  };
}

/** Standard input, unless something else is piped into it. */
function keyboard(): TerminalInput {
  return process.stdin.isTTY ? process.stdin : new ReadStream(openSync('/dev/tty', 'r'));
}

function controllingTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
}

function unblocked(fd: number): WriteStream {
  const stream = new WriteStream(fd);
  const internals = stream as unknown as TtyInternals;
  internals._handle?.setBlocking?.(false);
  process.on('SIGWINCH', () => internals._refreshSize?.());
  return stream;
}
