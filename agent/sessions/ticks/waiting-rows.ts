/** Waiting by slot and reason, as ticks carry it. Pure. */

import type { Waiting } from '../../../proto/gen/coral/live/v1/live.js';
import type { FrameColumns, WaitColumns } from '../../kernel/kernel.js';
import { NOT_WAITING } from '../../waiting/wait-reasons.js';

/** The kind of a slot's reason number; empty: none. */
export type WaitKinds = (slot: number, reason: number) => string;

/** Waits that have ended, and those of the frames in `open` up to now. A call is charged from its own beginning on. */
export function sumWaiting(ended: WaitColumns, frames: FrameColumns, open: readonly number[], bootNs: bigint, kind: WaitKinds) {
  const rows = new Map<string, Waiting>();
  const add = (slot: number, reasonNumber: number, count: number, totalNs: number): void => {
    const reason = kind(slot, reasonNumber);
    const key = `${slot} ${reason}`;
    const row = rows.get(key) ?? { row: slot, reason, count: 0, totalNs: 0 };
    rows.set(key, { ...row, count: row.count + count, totalNs: row.totalNs + totalNs });
  };
  ended.slot.forEach((slot, i) => {
    add(slot, ended.reason[i]!, Number(ended.count[i]!), Number(ended.totalNs[i]!));
  });
  for (const i of open) {
    if (frames.waitReason[i] === NOT_WAITING) continue;
    // A wait may begin after the clock was read: it has lasted no time.
    const waitedNs = Number(bootNs - later(frames.waitingSinceNs[i]!, frames.startNs[i]!));
    add(frames.slot[i]!, frames.waitReason[i]!, 1, Math.max(waitedNs, 0));
  }
  return [...rows.values()];
}

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b);
