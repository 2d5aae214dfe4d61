/** A process's processor time to the nanosecond, of the threads that live: for short stretches. */

import { readdirSync, readFileSync } from 'node:fs';

/** ns; null when the process is gone or the kernel keeps no schedstat. */
export function threadsCpuNs(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + threadCpuNs(pid, thread), 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

/** Its first number is the time on a processor; a thread that has just ended has none. */
function threadCpuNs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    throw cause;
  }
}
