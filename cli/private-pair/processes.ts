/** Starting and ending the two private processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOG_LIMIT_BYTES = 1 << 20;
const END_POLL_MS = 10;

/** Of /proc/PID/stat, counted from behind the name. */
const STATE_FIELD = 0;
const THREADS_FIELD = 17;

/** A command to run detached, its output going to a log. */
export interface Launch {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logPath: string;
}

/** Starts a process in a session of its own, so that neither our end nor a Ctrl-C reaches it. */
export function launch({ command, environment, logPath }: Launch): ChildProcess {
  const log = openLog(logPath);
  try {
    const [file = '', ...args] = command;
    const child = spawn(file, args, { detached: true, stdio: ['ignore', log, log], env: environment, cwd: '/' });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/**
 * Whether a process runs, ours or not. One that has ended and waits for its parent does not; one whose first thread has
 * ended does while others still hold its sockets open.
 */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return !/^[ZX]/.test(fields[STATE_FIELD] ?? '') || Number(fields[THREADS_FIELD]) > 1;
  } catch {
    return false;
  }
}

/** Asks a process to end and waits; true when it is gone within the time. */
export async function endProcess(pid: number, timeoutMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + timeoutMs;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    return !isAlive(pid);
  }
  while (isAlive(pid) && performance.now() < giveUpAt) await sleep(END_POLL_MS);
  return !isAlive(pid);
}

/** The last lines of a log, for an error that has to say why a process did not start. */
export function lastLines(logPath: string, count: number): string {
  try {
    return readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** Appends, but starts afresh above 1 MiB. */
function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600);
}
