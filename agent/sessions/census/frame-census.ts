/** Counts the open frames of a reading and tells ghosts from live ones. */

import type { FrameColumns, Kernel } from '../../kernel/kernel.js';
import type { GoRuntime } from '../../symbols/image.js';
import type { LoadedCode, ProcessStacks } from '../ports.js';
import { type GoroutineState, isGhost, isMakingSystemCall, isParked } from './ghosts.js';

/** Goroutines and threads that are looked up in one look, and stacks that are walked; more would make a tick late. */
export interface CensusLimits {
  owners: number;
  walks: number;
}

export const CENSUS_PER_TICK: CensusLimits = { owners: 4096, walks: 64 };

/** The last reading looks at all, as far as a second allows. */
export const LAST_CENSUS: CensusLimits = { owners: Number.POSITIVE_INFINITY, walks: 4096 };

/** What the census asks of the host. */
export interface CensusSources {
  readMemory: Kernel['readMemory'];
  /** Of the program of a process; null: not a Go program. */
  goRuntime(tgid: number): GoRuntime | null;
  /** How to go from caller to caller in its code; null: it is not known where that lies. */
  goCode(tgid: number): LoadedCode | null;
  threadLives(tgid: number, thread: number): boolean;
  /** Where its threads stand at this look. */
  stacks(tgid: number): ProcessStacks;
  /** Whether code at an address belongs to a slot's function. */
  isCodeOf(slot: number, address: number): boolean;
  /** A process that has ended left its calls open, none of them was unwound. */
  processLives(tgid: number): boolean;
}

/** Frames as keys: the same frame has the same key in the next reading. */
export type FrameKey = string;

/** Names a frame by owner, depth and start. */
export function frameKey(frames: FrameColumns, i: number): FrameKey {
  return `${frames.tgid[i]}/${frames.g[i] || frames.thread[i]}/${frames.depth[i]}/${frames.startNs[i]}`;
}

/** What is known of a session's ghosts from look to look. */
export class FrameCensus {
  #suspects: ReadonlySet<FrameKey> = new Set();
  #ghosts: ReadonlySet<FrameKey> = new Set();

  /**
   * One look; gives the frames that are to be reported as left where the next reading still has them. What two looks
   * have found stays found: at the third its thread may run, so that nothing can be seen.
   */
  look(frames: FrameColumns, sources: CensusSources, limits: CensusLimits): ReadonlySet<FrameKey> {
    const suspects = suspectFrames(frames, sources, limits);
    const ghosts = new Set<FrameKey>();
    if (suspects.size > 0 || this.#ghosts.size > 0) {
      for (const key of keysOf(frames)) {
        if (this.#ghosts.has(key) || (suspects.has(key) && this.#suspects.has(key))) ghosts.add(key);
      }
    }
    this.#suspects = suspects;
    this.#ghosts = ghosts;
    return new Set([...suspects, ...ghosts]);
  }
}

const keysOf = (frames: FrameColumns): FrameKey[] => Array.from(frames.slot, (_, i) => frameKey(frames, i));

/**
 * Frames that cannot be open any more. A frame that closed between the reading and this look may be among them: only
 * one that the next reading still has is a ghost.
 */
export function suspectFrames(frames: FrameColumns, sources: CensusSources, limits: CensusLimits): Set<FrameKey> {
  const suspects = new Set<FrameKey>();
  const owners = new Map<string, OwnerState>();
  for (let i = 0; i < frames.slot.length; i++) {
    const key = `${frames.tgid[i]}/${frames.g[i] || frames.thread[i]}`;
    let owner = owners.get(key);
    if (owner === undefined) {
      if (owners.size >= limits.owners) continue;
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
  /** Where the return address of its outermost frame lies: frames come outermost first. */
  readonly outermost: bigint;
}

const addressOf = (frames: FrameColumns, i: number): bigint => BigInt.asUintN(64, ~frames.depth[i]!);

function isGone(owner: OwnerState, frames: FrameColumns, i: number, sources: CensusSources): boolean {
  if (typeof owner === 'string') return owner === 'ended';
  const isItsCode = (address: number): boolean => sources.isCodeOf(frames.slot[i]!, address);
  if ('goid' in owner) {
    return isGhost(frames.goroutine[i]!, frames.depth[i]!, owner) || isLeftDeeper(owner, frames, i, isItsCode, sources);
  }
  return sources.stacks(frames.tgid[i]!).isLeft(frames.thread[i]!, addressOf(frames, i), owner.outermost, isItsCode);
}

/** A goroutine that was left by a panic may wait deeper in its stack by now: its calls are looked through. */
function isLeftDeeper(
  owner: GoroutineState,
  frames: FrameColumns,
  i: number,
  isItsCode: (address: number) => boolean,
  sources: CensusSources,
): boolean {
  const tgid = frames.tgid[i]!;
  const code = isParked(owner) && !isMakingSystemCall(frames.depth[i]!, owner) ? sources.goCode(tgid) : null;
  if (code === null) return false;
  const parked = { pc: owner.schedPc, sp: owner.schedSp };
  if (!sources.stacks(tgid).isLeftByGoroutine(parked, owner.stackHi - frames.depth[i]!, code, isItsCode)) return false;
  const go = sources.goRuntime(tgid);
  const after = go && readGoroutine(tgid, frames.g[i]!, go, sources.readMemory);
  return after !== null && isParked(after) && after.schedSp === parked.sp && after.schedPc === parked.pc;
}

function lookUp(frames: FrameColumns, i: number, sources: CensusSources): OwnerState {
  const tgid = frames.tgid[i]!;
  if (!sources.processLives(tgid)) return 'alive';
  const g = frames.g[i]!;
  if (g === 0n) return lookUpThread(frames, i, sources);
  const go = sources.goRuntime(tgid);
  return go ? (readGoroutine(tgid, g, go, sources.readMemory) ?? 'alive') : 'alive';
}

function lookUpThread(frames: FrameColumns, i: number, sources: CensusSources): OwnerState {
  const [tgid, thread] = [frames.tgid[i]!, frames.thread[i]!];
  return sources.threadLives(tgid, thread) ? { outermost: addressOf(frames, i) } : 'ended';
}

/** Null where runtime.g cannot be read, or its layout is not known. */
export function readGoroutine(tgid: number, g: bigint, go: GoRuntime, readMemory: Kernel['readMemory']): GoroutineState | null {
  const { goidOffset, statusOffset, schedSpOffset } = go;
  if (goidOffset === 0 || statusOffset === 0 || schedSpOffset === 0) return null;
  const bytes = readMemory(tgid, g, Math.max(goidOffset, statusOffset, schedSpOffset + 8) + 8);
  if (bytes === null) return null;
  return {
    goid: bytes.readBigUInt64LE(goidOffset),
    status: bytes.readUInt32LE(statusOffset),
    schedSp: bytes.readBigUInt64LE(schedSpOffset),
    schedPc: bytes.readBigUInt64LE(schedSpOffset + 8), // runtime.gobuf begins with sp and pc
    stackHi: bytes.readBigUInt64LE(8), // stack.lo, stack.hi are the first words
  };
}
