/** The coral executable, run as a script would run it. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ROOT } from '../targets/build-targets.js';
import { readLines } from '../targets/line-reader.js';
import type { Line, SessionLine, Snapshot } from './lines.js';

export const CORAL = join(ROOT, 'bin/coral');

export type CoralProcess = ChildProcessByStdio<null, Readable, Readable>;

export interface Finished {
  exitCode: number | string;
  stdout: string;
  stderr: string;
}

/** A running `coral debug attach --format ndjson`. */
export interface Attachment {
  session: SessionLine;
  process: CoralProcess;
  exited: Promise<number | string>;
  /** Takes lines up to the next of this type. */
  next<Type extends Line['type']>(type: Type): Promise<Extract<Line, { type: Type }>>;
  /** SIGINT, then the snapshot; rejects unless the exit status is 0 and the snapshot was the last line. */
  end(): Promise<Snapshot>;
  /** The snapshot and exit status of a session that ends for its own reasons. */
  ended(): Promise<{ snapshot: Snapshot; exitCode: number | string; stderr: string }>;
}

/** Starts coral with nothing on its standard input. */
export function startCoral(args: readonly string[], env: Readonly<Record<string, string>>): CoralProcess {
  return spawn(CORAL, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Everything that a command prints, and how it ends. */
export async function finish(child: CoralProcess): Promise<Finished> {
  const ended = exitOf(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, stdout, stderr };
}

/** Starts a session and waits for its `session` line: from then on every call is counted. */
export async function startAttach(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Attachment> {
  const child = startCoral(['debug', 'attach', ...args, '--format', 'ndjson'], env);
  const exited = exitOf(child);
  const stderr = text(child.stderr);
  const take = readLines(child.stdout);
  const next = async <Type extends Line['type']>(type: Type) => {
    for (let line = await take(); line !== null; line = await take()) {
      const value = JSON.parse(line) as Line;
      if (value.type === type) return value as Extract<Line, { type: Type }>;
    }
    throw new Error(`coral ended (${await exited}) before its ${type} line: ${await stderr}\n${await logsOf(env)}`);
  };
  const ended = async () => {
    const snapshot = await next('snapshot');
    const after = await take();
    if (after !== null) throw new Error(`a line after the snapshot: ${after}`);
    return { snapshot, exitCode: await exited, stderr: await stderr };
  };
  const end = async () => {
    child.kill('SIGINT');
    const { snapshot, exitCode, stderr: words } = await ended();
    if (exitCode !== 0) throw new Error(`exit status ${exitCode}: ${words}\n${await logsOf(env)}`);
    return snapshot;
  };
  return { session: await next('session'), process: child, exited, next, ended, end };
}

/** What the private pair wrote down: a test's folder is gone when somebody reads of its failure. */
async function logsOf({ CORAL_RUNTIME_DIR: directory = '' }: Readonly<Record<string, string>>): Promise<string> {
  const logs = ['agent.log', 'colony.log'].map(async (name) => {
    const lines = (await readFile(join(directory, name), 'utf8').catch(() => '')).trimEnd().split('\n');
    return `${name}: ${lines.slice(-10).join('\n  ')}`;
  });
  return (await Promise.all(logs)).join('\n');
}

function exitOf(child: CoralProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}
