/** How long each of a process's threads was on a processor, and waited for one. */

import { readdirSync, readFileSync } from 'node:fs';

/** By thread that lives, ns: none where the kernel keeps no schedstat; null: the process is gone. */
export function threadTimes(pid: number): Map<number, { cpuNs: number; waitNs: number }> | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).flatMap((thread) => schedstat(pid, thread));
    return new Map(threads);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

/** Of its first two numbers; a thread that has just ended has none. */
function schedstat(pid: number, thread: string): [number, { cpuNs: number; waitNs: number }][] {
  try {
    const [cpuNs, waitNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 2).map(Number);
    return [[Number(thread), { cpuNs: cpuNs!, waitNs: waitNs! }]];
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw cause;
  }
}
