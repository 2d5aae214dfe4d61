/** A running target: it obeys lines, and answers with what it really did. */

import { spawn } from 'node:child_process';
import { buildTarget } from './build-targets.js';
import type { Build } from './builds.js';
import { readLines } from './line-reader.js';

/** What one function did, by its own count. */
export interface FunctionTruth {
  calls: number;
  returns: number;
  unwound: number;
}

/** What all functions did since the start or the last reset. */
export interface Truth {
  functions: Record<string, FunctionTruth>;
  /** Of main.Wait (Go only), ascending, as it measured itself. */
  durations_ns?: number[];
}

export interface Target {
  pid: number;
  path: string;
  /** Does `count` turns of a work on some goroutines or threads; resolves with the counts when all are done. */
  run(work: string, count: number, threads: number): Promise<Truth>;
  /** Any other command line. */
  tell(line: string): Promise<Record<string, unknown>>;
  /** Lets it end by itself; resolves with its exit status or signal. */
  end(): Promise<number | string>;
  kill(): void;
  exited: Promise<number | string>;
}

/** Builds (if need be) and starts a target; resolves when it waits for commands. */
export async function startTarget(build: Build): Promise<Target> {
  return startProgram(await buildTarget(build));
}

/** Starts a program that speaks the targets' protocol. */
export async function startProgram(path: string): Promise<Target> {
  const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const take = readLines(child.stdout);
  const answer = async () => parseAnswer(path, await take());
  const tell = (line: string) => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
  const { pid } = await answer();
  return {
    pid: Number(pid),
    path,
    run: async (work, count, threads) => (await tell(`run ${work} ${count} ${threads}`)) as unknown as Truth,
    tell,
    end: () => {
      child.stdin.end();
      return exited;
    },
    kill: () => void child.kill('SIGKILL'),
    exited,
  };
}

function parseAnswer(path: string, line: string | null): Record<string, unknown> {
  if (line === null) throw new Error(`${path} ended instead of answering`);
  const value = JSON.parse(line) as Record<string, unknown>;
  if (value.error !== undefined) throw new Error(`${path}: ${String(value.error)}`);
  return value;
}
