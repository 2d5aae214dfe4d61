/** The oldest calls that are open now. Pure. */

import type { OpenCall } from '../../../proto/gen/coral/live/v1/live.js';
import type { Reading } from '../reading.js';
import type { WaitKinds } from './waiting-rows.js';

/** What a tick carries at most: a screen's worth. */
const MAX_OPEN_CALLS = 64;

/** Oldest first. */
export function listOpenCalls(
  { frames, open, bootNs }: Pick<Reading, 'frames' | 'open' | 'bootNs'>,
  waitKind: WaitKinds,
): OpenCall[] {
  const ages = Float64Array.from(open, (i) => Number(bootNs - frames.startNs[i]!));
  const order = Uint32Array.from(open.keys()).sort((a, b) => ages[b]! - ages[a]!);
  return Array.from(order.subarray(0, MAX_OPEN_CALLS), (at) => {
    const i = open[at]!;
    return {
      row: frames.slot[i]!,
      goroutine: Number(frames.goroutine[i]!),
      thread: frames.thread[i]!,
      ageNs: Math.max(ages[at]!, 0),
      waiting: waitKind(frames.slot[i]!, frames.waitReason[i]!),
      pid: frames.tgid[i]!,
    };
  });
}
