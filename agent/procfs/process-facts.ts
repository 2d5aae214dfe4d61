/** What /proc tells about one process, as values. Null everywhere: the process is gone. */

import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { CoralError } from '../../proto/errors.js';

/** Clock ticks a second of /proc's times; fixed by the x86-64 ABI. */
const TICKS_PER_SECOND = 100;
const NS_PER_TICK = 1e9 / TICKS_PER_SECOND;

export interface ProcessFacts {
  pid: number;
  /** The kernel's name of the main thread; programs may set it. */
  command: string;
  /** Since boot, in clock ticks: tells a reused pid apart. */
  startTimeTicks: number;
  /** User and system time of all threads so far. */
  cpuNs: number;
  uid: number;
  /** The process that traces this one (gdb, strace, delve); 0: none. */
  tracerPid: number;
  /** Whether a seccomp filter is in force. */
  seccompFilter: boolean;
  /** Its pid as itself sees it, in the innermost pid namespace. */
  namespacePid: number;
  /** Changes with exec, also of the same file: where the program text and the stack begin. */
  layout: string;
}

/** Pids of all processes that this host shows us. */
export function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The facts of a process; null when it is gone or only waits to be reaped. */
export function readFacts(pid: number): ProcessFacts | null {
  const stat = readText(`/proc/${pid}/stat`);
  const status = readText(`/proc/${pid}/status`);
  return stat === null || status === null ? null : parseFacts(pid, stat, status);
}

/** Facts from the texts of stat and status. The command may hold spaces and parentheses: fields count from the last one. */
export function parseFacts(pid: number, stat: string, status: string): ProcessFacts | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  if (field(3) === 'Z' || field(3) === 'X') return null;
  return {
    pid,
    command: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    startTimeTicks: Number(field(22)),
    cpuNs: (Number(field(14)) + Number(field(15))) * NS_PER_TICK,
    uid: Number(lineOf(status, '\nUid:\t').split('\t')[0]),
    tracerPid: Number(lineOf(status, '\nTracerPid:\t')),
    seccompFilter: lineOf(status, '\nSeccomp:\t') === '2',
    namespacePid: Number(lineOf(status, '\nNSpid:\t').split('\t').at(-1) || pid),
    layout: `${field(26)} ${field(28)}`,
  };
}

/** The rest of a line that starts so; empty when there is none. Every process is read every second: no patterns here. */
function lineOf(status: string, start: string): string {
  const at = status.indexOf(start);
  if (at < 0) return '';
  const end = status.indexOf('\n', at + 1);
  return status.slice(at + start.length, end < 0 ? status.length : end);
}

/** Tells one program run apart from a reused pid and from what an exec puts in its place; null: gone. */
export function processIdentity(pid: number): string | null {
  const facts = readFacts(pid);
  return facts === null ? null : identityOf(facts);
}

/** The same of facts that were just read; NO_PERMISSION when the program is kept from us. */
export function identityOf({ pid, startTimeTicks, layout }: ProcessFacts): string | null {
  const file = executableIdentity(pid);
  return file === null ? null : `${startTimeTicks} ${file} ${layout}`;
}

/** Whether it is a thread of the kernel, which has no program. Cheaper than its facts. */
export function isKernelThread(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === '';
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Whether a thread of a process still exists. */
export function threadLives(pid: number, thread: number): boolean {
  return existsSync(`/proc/${pid}/task/${thread}`);
}

/** The program's path as the process sees it, without the mark of a deleted file; null: kernel threads and the gone. */
export function executablePath(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch (cause) {
    return explainUnreadable(pid, 'program', cause);
  }
}

/** PROCESS_NOT_FOUND for a pid that nobody has. */
export function processNotFound(pid: number, cause?: unknown): CoralError {
  return new CoralError('PROCESS_NOT_FOUND', `there is no process ${pid}`, 'see coral services', { pid }, { cause });
}

function executableIdentity(pid: number): string | null {
  try {
    const { dev, ino } = statSync(`/proc/${pid}/exe`, { bigint: true });
    return `${dev}:${ino}`;
  } catch (cause) {
    return explainUnreadable(pid, 'program', cause);
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw cause;
  }
}

/** Null when the process has nothing of the kind; NO_PERMISSION when it is kept from us. */
function explainUnreadable(pid: number, what: string, cause: unknown): null {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ESRCH') return null;
  const hint = 'run the agent as root, or give it CAP_SYS_PTRACE';
  throw new CoralError('NO_PERMISSION', `the ${what} of process ${pid} cannot be read: ${code}`, hint, { pid }, { cause });
}
