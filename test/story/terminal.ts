/** A terminal that a test can read: node-pty gives the program one, @xterm/headless shows what is on it. */

import { createRequire } from 'node:module';
import type { IPty } from 'node-pty';
import { CORAL } from './coral.js';
import { PATIENCE_MS, until } from './until.js';

const require = createRequire(import.meta.url);
const { spawn } = require('node-pty') as typeof import('node-pty');
const { Terminal } = require('@xterm/headless') as typeof import('@xterm/headless');

export interface Screen {
  pid: number;
  type(keys: string): void;
  signal(name: string): void;
  resize(columns: number, rows: number): void;
  /** The lines on the screen now, right-trimmed. */
  lines(): string[];
  /** Resolves when the screen's text fits; rejects with the screen. */
  shows(pattern: RegExp, limitMs?: number): Promise<void>;
  /** Everything written so far, escape sequences and all. */
  raw(): string;
  /** Whether the alternate buffer is on. */
  isAlternate(): boolean;
  /** Time from the start to the first text, ms; undefined before it. */
  firstPaintMs(): number | undefined;
  exited: Promise<number>;
  /** SIGKILL, if it still runs. */
  kill(): void;
}

/** What a program on a terminal is started with. */
export interface ScreenOptions {
  columns?: number;
  rows?: number;
  env?: Readonly<Record<string, string>>;
}

/** Starts coral in a terminal; `cwd` is where it writes its snapshots. */
export function openScreen(args: string[], cwd: string, { columns = 120, rows = 40, env = {} }: ScreenOptions): Screen {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  const started = performance.now();
  let raw = '';
  let firstPaintMs: number | undefined;
  const pty: IPty = spawn(CORAL, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { ...process.env, ...env },
  });
  pty.onData((data) => {
    raw += data;
    terminal.write(data, () => {
      if (firstPaintMs === undefined && linesOf(terminal).some((line) => line !== '')) firstPaintMs = performance.now() - started;
    });
  });
  let running = true;
  const exited = new Promise<number>((resolve) =>
    pty.onExit(({ exitCode }) => {
      running = false;
      resolve(exitCode);
    }),
  );
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    signal: (name) => pty.kill(name),
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    lines: () => linesOf(terminal),
    async shows(pattern, limitMs = PATIENCE_MS) {
      try {
        await until(`the screen shows ${pattern}`, () => pattern.test(linesOf(terminal).join('\n')), limitMs);
      } catch (error) {
        throw new Error(`${(error as Error).message}:\n${linesOf(terminal).join('\n')}`);
      }
    },
    raw: () => raw,
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    firstPaintMs: () => firstPaintMs,
    exited,
    kill: () => {
      if (running) pty.kill('SIGKILL');
    },
  };
}

function linesOf(terminal: InstanceType<typeof Terminal>): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
}
