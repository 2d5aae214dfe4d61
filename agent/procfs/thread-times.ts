/** How long a process's threads were on a processor, and waited for one, ns: of those that live, for short stretches. */

import { readdirSync, readFileSync } from 'node:fs';

/** Null when the process is gone or the kernel keeps no schedstat. */
export function threadTimes(pid: number): { cpuNs: number; waitNs: number } | null {
  try {
    const total = { cpuNs: 0, waitNs: 0 };
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [cpuNs = 0, waitNs = 0] = schedstat(pid, thread);
      total.cpuNs += cpuNs;
      total.waitNs += waitNs;
    }
    return total;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

/** Its first two numbers; a thread that has just ended has none. */
function schedstat(pid: number, thread: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 2).map(Number);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw cause;
  }
}
