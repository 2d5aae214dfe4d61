/** Counts the open frames of a reading and tells ghosts from live ones. */

import type { FrameColumns, Kernel } from '../kernel/kernel.js';
import type { GoRuntime } from '../symbols/image.js';
import { type GoroutineState, isGhost } from './ghosts.js';

/** Goroutines and threads that are looked up in one tick; more would make the tick late. The last reading looks at all. */
export const CENSUS_PER_TICK = 4096;

/** What the census asks of the host. */
export interface CensusSources {
  readMemory: Kernel['readMemory'];
  /** Of the program of a process; null: not a Go program. */
  goRuntime(tgid: number): GoRuntime | null;
  threadLives(tgid: number, thread: number): boolean;
  /** Of a thread that waits in the kernel; null: not known. */
  stackPointer(tgid: number, thread: number): bigint | null;
  /** Whether two addresses surely lie on one stack. */
  onOneStack(tgid: number, a: bigint, b: bigint): boolean;
  /** A process that has ended left its calls open, none of them was unwound. */
  processLives(tgid: number): boolean;
}

/** Frames as keys: the same frame has the same key in the next reading. */
export type FrameKey = string;

/** Names a frame by owner, depth and start. */
export function frameKey(frames: FrameColumns, i: number): FrameKey {
  return `${frames.tgid[i]}/${frames.g[i] || frames.thread[i]}/${frames.depth[i]}/${frames.startNs[i]}`;
}

/**
 * Frames that cannot be open any more. A frame that closed between the reading and this look may be among them: only
 * one that the next reading still has is a ghost.
 */
export function suspectFrames(frames: FrameColumns, sources: CensusSources, limit: number): Set<FrameKey> {
  const suspects = new Set<FrameKey>();
  const owners = new Map<string, OwnerState>();
  for (let i = 0; i < frames.slot.length; i++) {
    const key = `${frames.tgid[i]}/${frames.g[i] || frames.thread[i]}`;
    let owner = owners.get(key);
    if (owner === undefined) {
      if (owners.size >= limit) continue;
      owner = lookUp(frames, i, sources);
      owners.set(key, owner);
    }
    if (isGone(owner, frames, i, sources)) suspects.add(frameKey(frames, i));
  }
  return suspects;
}

/** `alive`: also where nothing can be known. */
type OwnerState = GoroutineState | ThreadState | 'alive' | 'ended';

interface ThreadState {
  readonly stackPointer: bigint;
}

function isGone(owner: OwnerState, frames: FrameColumns, i: number, sources: CensusSources): boolean {
  if (typeof owner === 'string') return owner === 'ended';
  if ('stackPointer' in owner) {
    const address = BigInt.asUintN(64, ~frames.depth[i]!);
    return address < owner.stackPointer && sources.onOneStack(frames.tgid[i]!, address, owner.stackPointer);
  }
  return isGhost(frames.goroutine[i]!, frames.depth[i]!, owner);
}

function lookUp(frames: FrameColumns, i: number, sources: CensusSources): OwnerState {
  const tgid = frames.tgid[i]!;
  if (!sources.processLives(tgid)) return 'alive';
  const g = frames.g[i]!;
  if (g === 0n) return lookUpThread(tgid, frames.thread[i]!, sources);
  const go = sources.goRuntime(tgid);
  return go ? (readGoroutine(tgid, g, go, sources.readMemory) ?? 'alive') : 'alive';
}

function lookUpThread(tgid: number, thread: number, sources: CensusSources): OwnerState {
  if (!sources.threadLives(tgid, thread)) return 'ended';
  const stackPointer = sources.stackPointer(tgid, thread);
  return stackPointer === null ? 'alive' : { stackPointer };
}

/** Null where runtime.g cannot be read, or its layout is not known. */
export function readGoroutine(tgid: number, g: bigint, go: GoRuntime, readMemory: Kernel['readMemory']): GoroutineState | null {
  const { goidOffset, statusOffset, schedSpOffset } = go;
  if (goidOffset === 0 || statusOffset === 0 || schedSpOffset === 0) return null;
  const bytes = readMemory(tgid, g, Math.max(goidOffset, statusOffset, schedSpOffset) + 8);
  if (bytes === null) return null;
  return {
    goid: bytes.readBigUInt64LE(goidOffset),
    status: bytes.readUInt32LE(statusOffset),
    schedSp: bytes.readBigUInt64LE(schedSpOffset),
    stackHi: bytes.readBigUInt64LE(8), // stack.lo, stack.hi are the first words
  };
}
