/** One look at everything that a session has measured so far. */

import type { FrameColumns, KernelSession, NodeColumns, SlotColumns } from '../kernel/kernel.js';
import { type FrameKey, frameKey } from './census/frame-census.js';

/** Slots as they are reported: with what is open, and ghosts counted as unwound. */
export interface SlotReading extends SlotColumns {
  inFlight: BigUint64Array;
  /** Bit 0: the returns were probed in windows, bit 1: the entries too. */
  estimated: Uint32Array;
  /** Half width of the 95 % interval of estimated calls. */
  callsError: BigUint64Array;
}

export interface Reading {
  bootNs: bigint;
  slots: SlotReading;
  nodes: NodeColumns;
  /** Open frames by row of `nodes`. */
  nodeOpen: BigUint64Array;
  frames: FrameColumns;
  /** Rows of `frames` that are open, ghosts left out. */
  open: number[];
  /** Calls that no column accounts for: |calls - returns - in flight - unwound - untracked|, summed; 0 while probes are on. */
  unaccounted: bigint;
}

/** `live`: columns are read one after another while they change, so what is in flight is taken as the rest of the calls. `settled`: the probes are off, the frames are counted. */
export type ReadingKind = 'live' | 'settled';

/** What tells slots apart that the kernel only counts: their calls are not followed, so all are untracked. */
export type CountedSlots = (slot: number) => boolean;

/** Reads `slots` slots. `ghosts` were suspects before: those that are still there are reported unwound. */
export function readSession(
  kernel: KernelSession,
  bootNs: bigint,
  slots: number,
  isCounted: CountedSlots,
  suspects: ReadonlySet<FrameKey>,
  kind: ReadingKind,
): Reading {
  const columns = firstSlots(kernel.readSlots(), slots);
  const nodes = kernel.readNodes();
  const frames = kernel.readFrames();
  const open: number[] = [];
  const slotOpen = new BigUint64Array(slots);
  const byNode = new Map<number, bigint>();
  for (let i = 0; i < frames.slot.length; i++) {
    const slot = frames.slot[i]!;
    if (suspects.size > 0 && suspects.has(frameKey(frames, i))) {
      columns.unwound[slot]! += 1n;
      continue;
    }
    open.push(i);
    slotOpen[slot]! += 1n;
    byNode.set(frames.node[i]!, (byNode.get(frames.node[i]!) ?? 0n) + 1n);
  }
  const nodeOpen = BigUint64Array.from(nodes.id, (id) => byNode.get(id) ?? 0n);
  const unaccounted = settle(columns, slotOpen, isCounted, kind);
  const exact = { estimated: new Uint32Array(slots), callsError: new BigUint64Array(slots) };
  return { bootNs, slots: { ...columns, inFlight: slotOpen, ...exact }, nodes, nodeOpen, frames, open, unaccounted };
}

/** Marks counted slots' calls as untracked, and makes calls = returns + in flight + unwound + untracked where a live reading is torn. */
function settle(columns: SlotColumns, inFlight: BigUint64Array, isCounted: CountedSlots, kind: ReadingKind): bigint {
  let unaccounted = 0n;
  for (let slot = 0; slot < inFlight.length; slot++) {
    if (isCounted(slot)) columns.untracked[slot] = columns.calls[slot]!;
    const rest = columns.calls[slot]! - columns.returns[slot]! - columns.unwound[slot]! - columns.untracked[slot]!;
    if (kind === 'live') inFlight[slot] = rest > 0n ? rest : 0n;
    else unaccounted += difference(rest, inFlight[slot]!);
  }
  return unaccounted;
}

const difference = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** The slots in use, without the headroom: fresh arrays, so that a later reading can be compared. */
function firstSlots(all: SlotColumns, slots: number): SlotColumns {
  return {
    calls: all.calls.slice(0, slots),
    returns: all.returns.slice(0, slots),
    unwound: all.unwound.slice(0, slots),
    untracked: all.untracked.slice(0, slots),
    joinedMidCall: all.joinedMidCall.slice(0, slots),
    sumNs: all.sumNs.slice(0, slots),
    minNs: all.minNs.slice(0, slots),
    maxNs: all.maxNs.slice(0, slots),
  };
}
