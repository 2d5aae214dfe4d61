/** Programs that the kernel's tests probe: built once, driven by lines, answering with their own counts. */

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOM = fileURLToPath(new URL('../../../../', import.meta.url));
const SOURCES = `${ROOM}agent/kernel/test/targets/`;
const BUILT = `${ROOM}build/agent/kernel/test/targets/`;

/** Compiles a target unless it is newer than its source; returns its path. Test files that run at once take turns. */
export function buildTarget(source: string, compiler: string, suffix = ''): string {
  const output = BUILT + source.replace('.', '-') + suffix;
  mkdirSync(BUILT, { recursive: true });
  const compile = `[ "$2" -nt "$1" ] || ${compiler} -o "$2" "$1"`;
  execFileSync('flock', [`${output}.lock`, 'sh', '-c', compile, 'sh', SOURCES + source, output], { stdio: 'inherit' });
  return output;
}

export const buildGoTarget = (): string => buildTarget('calls.go', 'go build');

/** With the heap where Go up to 1.25 has it: at one address in every process. */
export const buildFixedHeapTarget = (): string =>
  buildTarget('calls.go', 'GOEXPERIMENT=norandomizedheapbase64 go build', '-fixed-heap');

export const buildCTarget = (): string => buildTarget('threads.c', 'gcc -O1 -fno-omit-frame-pointer -fno-shrink-wrap -pthread');

/** A running target. `exercise` gives what the program itself counted. */
export interface Target {
  pid: number;
  path: string;
  exercise(name: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
  /** For a test that fails before it stops the target. */
  kill(): void;
}

/** Starts a target and waits for its first line. */
export async function startTarget(path: string): Promise<Target> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answer = async (): Promise<Record<string, number>> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${path} ended without an answer`);
    return JSON.parse(line.value);
  };
  await answer();
  return {
    pid: child.pid!,
    path,
    exercise: (name) => {
      child.stdin.write(`${name}\n`);
      return answer();
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
