/** The addon's exports and where its files lie. Only this folder imports it. */

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CallColumns, FrameColumns, LinkProgram, NodeColumns, ParkedColumns, SlotColumns, WaitColumns } from './kernel.js';

/** A session in C++: BPF object, links, drain thread, mapped arrays. Everything throws after close. */
export interface NativeSession {
  /** Views; empty after close. */
  readonly histograms: ArrayBuffer;
  readonly losses: ArrayBuffer;
  link(program: LinkProgram, pid: number, path: string, offsets: BigUint64Array, cookies: BigUint64Array): number;
  /** All at once; returns when none of their programs runs any more. */
  unlink(links: Uint32Array): void;
  setKnobs(
    slot: number,
    goidOffset: number,
    starterOffset: number,
    sampleRate: number,
    slowerThanNs: bigint,
    recoveredOffset: number,
    recoveredSpOffset: number,
  ): void;
  /** The slot's process, also by number in this session, from 1. When it begins another program its hits count no more. */
  setProcess(slot: number, process: number, pid: number): void;
  /** Words of struct coral_knobs. */
  setState(slot: number, word: number): void;
  setGenerations(slot: number, word: number): void;
  /** Bytes of struct coral_capture, and CAPTURE_ bits. */
  setCapture(slot: number, capture: Buffer | null, bits: number): void;
  readWaiting(): WaitColumns;
  matched(): BigUint64Array;
  /** By slot: open calls that are not followed any more. */
  staleFrames(): BigUint64Array;
  readSlots(): Omit<SlotColumns, 'calls'>;
  readNodes(): NodeColumns;
  readFrames(): FrameColumns;
  buryDeadThreads(): void;
  siteHits(): BigUint64Array;
  takeCalls(): CallColumns | null;
  slowCalls(): CallColumns;
  memoryBytes(): number;
  close(): void;
}

/** Sizes of a native session; all given. */
export interface NativeSizes {
  slots: number;
  sites: number;
  stacks: number;
  nodes: number;
  ringBytes: number;
  maxSlow: number;
  maxCallsPerSecond: number;
  captures: number;
  /** One perf event a site instead of uprobe_multi. */
  perfEvents: boolean;
  /** The drain thread is woken when so much of the ring is unread. */
  ringWakeBytes: number;
}

/** Sites of functions of our own: file offsets in `path`. */
export interface CalibrationSites {
  path: string;
  emulated: number;
  stepped: number;
  pairEntry: number;
  pairReturn: number;
  replaced: number;
}

export interface NativeAddon {
  Session: new (objectPath: string, sizes: NativeSizes) => NativeSession;
  /** 0: works here; else the errno of the trial. */
  tryFeature(name: string): number;
  calibrationSites(): CalibrationSites;
  /** Calls one of our own functions on another thread; ns for all calls. */
  callCalibration(which: 'emulated' | 'stepped' | 'pair' | 'replaced', calls: number): number;
  bootNs(): bigint;
  processCpuNs(pid: number): number | null;
  readMemory(pid: number, address: bigint, length: number): Buffer | null;
  /** Of one thread, or (0) of all that the process has. */
  parkedThreads(objectPath: string, pid: number, thread: number): ParkedColumns;
}

/** The built addon and BPF objects, beside the compiled code. */
const ADDON_PATH = fileURLToPath(new URL('../../native/coral_kernel.node', import.meta.url));
export const BPF_OBJECT_PATH = fileURLToPath(new URL('../../bpf/coral.bpf.o', import.meta.url));
export const PARKED_OBJECT_PATH = fileURLToPath(new URL('../../bpf/parked.bpf.o', import.meta.url));

/** Loads the addon; the first call costs some milliseconds. */
export function loadAddon(): NativeAddon {
  return createRequire(import.meta.url)(ADDON_PATH) as NativeAddon;
}
