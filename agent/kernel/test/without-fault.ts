/** For measurements that other work of the machine disturbs. */

import type { ExecutionContext } from 'ava';

/**
 * Tries until one finds no fault. The program's stamps also hold the time in which its thread waited for a processor behind
 * other work of the machine; a run that had little of that is to be had, unless the measuring is wrong.
 */
export async function withoutFault(
  t: ExecutionContext,
  attempt: (number: number) => Promise<string[]>,
  attempts = 8,
): Promise<void> {
  const faults: string[][] = [];
  while (faults.length < attempts) {
    const found = await attempt(faults.length);
    if (found.length === 0) return void t.pass();
    faults.push(found);
  }
  t.deepEqual(faults, []);
}
