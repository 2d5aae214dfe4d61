/** Changing probes while a target runs under them. */

import type { KernelSession } from '../kernel.js';
import { slotOf } from './measuring.js';
import type { Target } from './targets.js';

/** Does `step` again and again, letting the target's answers in, while it exercises; gives the sum of its counts. */
export async function whileItRuns(
  target: Target,
  name: string,
  times: number,
  step: (turn: number) => void | Promise<void>,
): Promise<Record<string, number>> {
  const sum: Record<string, number> = {};
  let running = true;
  const all = (async () => {
    for (let i = 0; i < times; i++) {
      for (const [key, count] of Object.entries(await target.exercise(name))) sum[key] = (sum[key] ?? 0) + count;
    }
    running = false;
  })();
  for (let turn = 0; running; turn++) {
    await step(turn);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  return sum;
}

/** Until the slot has seen some calls return, or the target is done and none come any more. */
export async function seeReturns(session: KernelSession, slot: number): Promise<void> {
  const before = slotOf(session, slot).returns;
  const deadline = Date.now() + 50;
  while (slotOf(session, slot).returns < before + 20 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Calls that are not open. */
export const accounted = ({ returns, unwound, untracked }: ReturnType<typeof slotOf>): number => returns + unwound + untracked;
