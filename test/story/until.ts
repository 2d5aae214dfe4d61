/** Waiting for something to become true, with a limit and a name for what was waited for. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** Long, since other work may share the machine; what has a limit of its own is given one. */
export const PATIENCE_MS = 20_000;

/** Resolves when the predicate holds; rejects after the limit, saying what did not happen. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`within ${limitMs} ms it did not come true that ${what}`);
    await sleep(POLL_MS);
  }
}

/** Whether a process runs (one that has ended and waits to be reaped does not). */
export function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
