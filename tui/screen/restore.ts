/** The terminal given back on every way out, and the signals that lead there. */

import type { Terminal } from './terminal.js';

/** Everything we or blessed may have switched on, off again; harmless when it was not on. */
export const RESTORE =
  '\x1b[?2026l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[0m\x1b(B\x1b[?1l\x1b>\x1b[?1049l';

/** The Linux console has one screen alone, on which the last frame would stay under the shell's lines. */
const CLEAR = '\x1b[H\x1b[J';
const hasOneScreen = (terminalName: string): boolean => /^linux/.test(terminalName);

/** Mouse clicks and wheel in SGR coordinates, pastes in brackets. */
export const SWITCH_ON = '\x1b[?1000h\x1b[?1006h\x1b[?2004h';

/** To be told to leave is no failure, as with every command of coral's. */
const SIGNAL_EXIT = { SIGINT: 0, SIGTERM: 0, SIGHUP: 0, SIGQUIT: 131 } as const;

export interface Guard {
  /** The terminal is ours (again). */
  took(): void;
  /** Gives the terminal back at once; does nothing when it has been given back. */
  restore(): void;
  /** From now on nothing is done any more. */
  release(): void;
}

export interface WaysOut {
  /** A signal asks us to leave; the exit status it stands for. */
  onSignal(status: number): void;
  /** Something was thrown that nobody caught; the terminal is already restored. */
  onCrash(error: unknown): void;
  /** SIGTSTP, sent from outside: as a key, Ctrl-Z is one among others. */
  onStop(): void;
  onResume(): void;
}

/** Restores the terminal when the process ends by whatever way, and reports signals and crashes. */
export function guardTerminal(terminal: Terminal, terminalName: string, ways: WaysOut): Guard {
  let ours = false;
  const restore = (): void => {
    if (ours) restoreNow(terminal, hasOneScreen(terminalName) ? CLEAR + RESTORE : RESTORE);
    ours = false;
  };
  const crash = (error: unknown): void => {
    restore();
    ways.onCrash(error);
  };
  const signals = Object.entries(SIGNAL_EXIT).map(([name, status]) => [name, () => ways.onSignal(status)] as const);
  const listeners: readonly (readonly [string, (...args: unknown[]) => void])[] = [
    ['exit', restore],
    ['uncaughtException', crash],
    ['unhandledRejection', crash],
    ['SIGTSTP', () => ways.onStop()],
    ['SIGCONT', () => ways.onResume()],
    ...signals,
  ];
  for (const [name, listener] of listeners) process.on(name, listener);
  return {
    took: () => {
      ours = true;
    },
    restore,
    release: () => {
      for (const [name, listener] of listeners) process.removeListener(name, listener);
    },
  };
}

function restoreNow(terminal: Terminal, sequence: string): void {
  terminal.writeNow(sequence);
  try {
    terminal.input.setRawMode?.(false);
  } catch {
    // The terminal is gone (EIO): there is no mode to restore.
  }
}
