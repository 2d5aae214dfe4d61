/** What a session asks of the world around it. main.ts joins the real ones; tests give fakes. */

import type { SessionEnd, SessionNotice } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { CallBatch, SessionTick } from '../../proto/gen/coral/live/v1/live.js';
import type { FunctionTypes } from '../dwarf/types.js';
import type { Mapping } from '../procfs/mapped-files.js';
import type { PlannedSite, SiteDecision } from '../sites/plan.js';
import type { Image } from '../symbols/image.js';
import type { CodeFrames } from '../symbols/open-code-frames.js';

/** Tells a process image apart from what an exec or a reused pid puts in its place. */
export type ProcessIdentity = string;

/** A program or library that is mapped in a process. */
export interface MappedImage {
  pid: number;
  image: Image;
  /** To arm through: the file that was read, also when it is replaced, or the process begins another program. */
  armPath: string;
  /** As the process sees it. */
  shownPath: string;
  /** Address in the process minus linked address; null: its code is not mapped. */
  bias: number | null;
  /** Where its code is mapped. */
  mappings: readonly Mapping[];
}

/** Rows of one image of a process. */
export interface Bodies {
  mapped: MappedImage;
  rows: readonly number[];
}

/** Rows that share a name: one function with one or several bodies. */
export interface NamedFunction extends Bodies {
  name: string;
  /** Of an indirect function: what its resolver picked, in words. */
  picked?: readonly string[];
}

/** What the patterns of a request found in one process. */
export interface Selection {
  functions: NamedFunction[];
  /** Patterns that found nothing, and names that cannot be probed at all. */
  refused: { function: string; code: string; reason: string }[];
}

export interface TextVerdict {
  ok: boolean;
  /** One sentence: what was compared, or where the first difference is. */
  detail: string;
}

/** Code of a file in a process, with what its file says of its frames. */
export interface LoadedCode {
  frames: Pick<CodeFrames, 'frameRule' | 'read'>;
  /** Address in the process minus linked address. */
  bias: number;
}

/** One look at the stacks of a process's threads. */
export interface ProcessStacks {
  /** The same as isLeft() by the calls of a goroutine that is parked at `pc` and `sp`, in this code. */
  isLeftByGoroutine(
    parked: { pc: bigint; sp: bigint },
    address: bigint,
    code: LoadedCode,
    isItsCode: (address: number) => boolean,
  ): boolean;
  /**
   * Whether the call whose return address lay at `address` is surely over, by the calls that the thread waits in; never of
   * a thread that runs. `outermost`: the highest such address that will be asked for. `isItsCode` tells the called
   * function's code by address in the process.
   */
  isLeft(thread: number, address: bigint, outermost: bigint, isItsCode: (address: number) => boolean): boolean;
}

/** By thread that lives: how long it was on a processor, and ready to run but waiting for one, ns. */
export type ThreadTimes = ReadonlyMap<number, { cpuNs: number; waitNs: number }>;

/** Processes and their programs. */
export interface Targets {
  /** Null: the process is gone. */
  identity(pid: number): ProcessIdentity | null;
  /** User and system time so far, ns, of ended threads too; null: the process is gone. */
  cpuNs(pid: number): number | null;
  /** None where the kernel does not keep them; null: the process is gone. */
  threadTimes(pid: number): ThreadTimes | null;
  /** Children that it has forked and that still run its program. */
  forks(pid: number): number[];
  threadLives(pid: number, thread: number): boolean;
  /** Where its threads stand now; at most `maxWalks` stacks are walked that were not before. */
  lookAtStacks(pid: number, maxWalks: number): ProcessStacks;
  /** Opens the process's images and finds the functions; throws PROCESS_NOT_FOUND, NOT_PROBEABLE, FUNCTION_NOT_FOUND, FUNCTION_AMBIGUOUS. */
  select(pid: number, patterns: readonly string[]): Promise<Selection>;
  /** What code of a process calls first where it has caught an exception or a panic, from the frame that did. */
  catchers(pid: number): Bodies[];
  decide(image: Image, row: number): SiteDecision;
  /** Parameters of a body, from DWARF; throws UNSUPPORTED where there is none. */
  types(mapped: MappedImage, row: number): FunctionTypes;
  /** Looks at a process, once and when first asked, for whether return addresses may be replaced in it. */
  mayReplaceReturns(pid: number): ReturnsVerdict;
  /** Compares these rows' text in memory with the file; bytes of `armed` sites (our own breakpoints) are left out. */
  compareRows(mapped: MappedImage, rows: readonly number[], armed: readonly PlannedSite[]): TextVerdict;
  /** The same for the image's whole text. */
  compareText(mapped: MappedImage, armed: readonly PlannedSite[]): TextVerdict;
}

/**
 * Whether the return addresses of these bodies may be replaced: this kernel can, provably nothing in the process would meet
 * them, the function does not look at its own, cannot be left by a jump to another stack, and cannot be open more often than
 * the kernel keeps them (64 on a thread).
 */
export type ReturnsVerdict = (image: Image, rows: readonly number[]) => boolean;

/** Where a session's results go: the link to the colony, or a caller on the agent's own socket. */
export interface SessionSink {
  /** Whether the last ticks were taken, so that another may follow. */
  ready(sessionId: string): boolean;
  tick(tick: SessionTick): void;
  /** False: there was no room, the calls were dropped. */
  calls(sessionId: string, batch: CallBatch): boolean;
  notice(notice: SessionNotice): void;
  end(end: SessionEnd): void;
}
