/**
 * What the agent asks of the kernel. `open-kernel.ts` gives the real one (the addon); tests give a fake.
 * Columns are typed arrays: one allocation a reading, never one object an event.
 */

import type { Predicate } from '../values/compile-filter.js';
import type { CaptureOp } from '../values/plan.js';

/** What one hit of a site means. `entry_return`: a function whose first instruction is its only RET. */
export type SiteRole = 'entry' | 'return' | 'entry_return';

/**
 * Sites of the program `park`, where a goroutine's waiting begins and ends: `park` is the PUSH of runtime.gopark (its
 * reason in CX), `syscall` the PUSH of runtime.reentersyscall, `resume` the end of either: the PUSH of runtime.execute with
 * owner `g_ax` (emulated, some 0.6 us; goroutines resume nowhere else), and that of runtime.exitsyscall with `g_r14`.
 * `recover` is where a panic or an exception ends: runtime.recovery with owner `g_ax`, or what a catching frame calls first with
 * owner `thread`.
 */
export type WaitRole = 'park' | 'syscall' | 'resume' | 'recover';

/** Whose call a hit belongs to: the goroutine in R14, the one in AX, the one in thread-local storage, or the thread. */
export type StackOwner = 'g_r14' | 'g_ax' | 'g_tls' | 'thread';

/** One instruction to probe. `offset` is in the file; `site` numbers the session's sites from 0. */
export interface ArmedSite {
  slot: number;
  site: number;
  offset: number;
  role: SiteRole | WaitRole;
  owner: StackOwner;
  /** The stack check's JBE (Go before 1.21): hits that will take the branch are not calls. */
  jbe: boolean;
  /** Of a conditional jump that ends the call where it is taken: the four bits of its opcode. */
  condition?: number;
  /** An entry of a function that never returns: its calls are followed without a return to wait for. */
  endless?: boolean;
  /** 0 to 15, default 0: hits count only while the slot's knob has the same number. */
  generation?: number;
}

/**
 * How a link's programs treat a hit: `count` adds one; `timed` keeps the shadow stack; `session` is uprobe.session
 * (Linux 6.13; loaded when first used, some 20 ms); `park` charges a goroutine's waiting to its open calls (its sites
 * have a slot of their own, by which the process and the place of goid are known; that slot has no calls);
 * `idle` does nothing (trial links, and the floor that costs are compared with); `clocked` reads the clock at both ends of a
 * call, by uprobe.session (the floor of what `session` costs).
 */
export type LinkProgram = 'count' | 'timed' | 'session' | 'park' | 'idle' | 'clocked';

export interface KernelOptions {
  slots: number;
  sites: number;
  /** Goroutines or threads with open calls at one time (chunks of frames). */
  stacks: number;
  nodes: number;
  ringBytes: number;
  /** Slowest calls kept a slot. */
  maxSlow: number;
  /** Open calls whose values are kept at one time; others are the loss `capture_full`. Default 1,024, some 4 KB each. */
  captures?: number;
  /** Single calls a second handed out by takeCalls(); those above are the loss `rate_limited`. Default 10,000. */
  maxCallsPerSecond?: number;
}

/** Knobs of a slot; may change while attached. */
export interface SlotKnobs {
  /** Offset of goid in runtime.g; 0: not a Go process or unknown. */
  goidOffset: number;
  /** Offset of gopc in runtime.g, by which roots of the call tree are told apart; absent or 0: unknown. */
  starterOffset?: number;
  /** Of `recover` sites: offset in runtime.g of the SP that a recovered panic goes on with, or of the runtime._panic that has it at the second one. */
  recoveredAt?: readonly number[];
  /** 1 in N calls singly; 0: none. */
  sampleRate: number;
  /** Calls slower than this singly, ns; 0: off. The slowest calls are kept in any case. */
  slowerThanNs: number;
  /** Which sites of the slot count; absent: as it was (0 at first). See arm(). */
  generation?: number;
}

/** What is copied at each call of a slot, and which calls are wanted (no clauses: all; else those that meet one of them). */
export interface SlotCapture {
  entry: readonly CaptureOp[];
  return: readonly CaptureOp[];
  predicates: readonly Predicate[];
  /** Masks of predicates. */
  clauses: readonly number[];
}

/** `untimed`: entries are counted, as `untracked`, and open no call. */
export type SlotTiming = 'timed' | 'untimed';

/** All slots at one moment; index = slot. */
export interface SlotColumns {
  calls: BigUint64Array;
  returns: BigUint64Array;
  unwound: BigUint64Array;
  untracked: BigUint64Array;
  joinedMidCall: BigUint64Array;
  sumNs: BigUint64Array;
  /** All ones where nothing has returned. */
  minNs: BigUint64Array;
  maxNs: BigUint64Array;
}

/** Tree nodes in use; `id` starts at 1 (1 is "(other)"), parent 0 is a root. */
export interface NodeColumns {
  id: Uint32Array;
  parent: Uint32Array;
  slot: Uint32Array;
  calls: BigUint64Array;
  totalNs: BigUint64Array;
  selfNs: BigUint64Array;
  /** Of the total, waiting by the program `park`. */
  waitingNs: BigUint64Array;
  /** Of a root, the address behind the `go` statement that started its goroutine; 0: not known, or no root. */
  starter: BigUint64Array;
}

/** Waiting of a slot's calls that has ended, by reason: the number of runtime.waitReason, or WAIT_SYSCALL. */
export interface WaitColumns {
  slot: Uint32Array;
  reason: Uint8Array;
  /** Waits, one for each open call of the slot on the waiting goroutine. */
  count: BigUint64Array;
  totalNs: BigUint64Array;
}

/** Frames that are open now, as the kernel's shadow stacks hold them. */
export interface FrameColumns {
  slot: Uint32Array;
  node: Uint32Array;
  tgid: Uint32Array;
  thread: Uint32Array;
  /** Address of runtime.g, or 0 for threads. */
  g: BigUint64Array;
  goroutine: BigUint64Array;
  /** stack.hi - SP for goroutines, ~SP for threads: of the return address's slot. */
  depth: BigUint64Array;
  /** CLOCK_BOOTTIME ns. */
  startNs: BigUint64Array;
  /** Why its goroutine waits now, as in WaitColumns; 255: it does not, or no `park` sites are armed. */
  waitReason: Uint8Array;
  /** Since when, CLOCK_BOOTTIME ns. This wait is not in readWaiting() yet. */
  waitingSinceNs: BigUint64Array;
}

/** Calls shown singly since the last drain, and the slowest so far, alike. */
export interface CallColumns {
  callId: BigUint64Array;
  startNs: BigUint64Array;
  durationNs: BigUint64Array;
  goroutine: BigUint64Array;
  thread: Uint32Array;
  tgid: Uint32Array;
  slot: Uint32Array;
  /** CALL_ bits of limits.ts. */
  flags: Uint32Array;
  /** Captured bytes of all calls; a call's lie from `captureAt` (-1: it has none): entryFailed u64, returnFailed u64 (bit i: operation i failed), the bytes of its slot's entry operations, those of its return operations. */
  captures: Buffer;
  captureAt: Int32Array;
  /** The setCapture() by which a call's values were copied. */
  captureVersion: Uint32Array;
}

/** Threads that do not run, with the user registers that they entered the kernel with. */
export interface ParkedColumns {
  thread: Uint32Array;
  ip: BigUint64Array;
  sp: BigUint64Array;
  bp: BigUint64Array;
  /** How often the thread has left a CPU: the same number again says that it did not run in between. */
  switches: BigUint64Array;
}

/** A link that could not be made: which sites the kernel refused, with the errno of each. */
export interface RefusedSite {
  site: number;
  errno: number;
}

export interface KernelSession {
  /**
   * Arms the sites of one file in one process with one uprobe_multi link a program (bisecting where the kernel
   * refuses some). `path` is opened by the caller's choice (/proc/PID/exe, /proc/PID/map_files/…).
   * When the process begins another program, its slots count no more from there on.
   * A slot of which a site was refused is left out with all its sites. A timed slot counts from the moment that all
   * sites of the link are on.
   *
   * A slot that counts already may be armed again, with sites of the next generation in another link: they count when
   * setKnobs gives the slot that generation, and the old ones from then on do not; then disarm the old link. No call is
   * lost or counted twice. One such change of a slot at a time.
   * @returns the link's id (0: nothing was armed) and the sites that the kernel refused. Throws KernelError when nothing could be armed
   * for another reason than single sites (permission, memory, dead process).
   */
  arm(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): { link: number; refused: RefusedSite[] };
  /**
   * Takes the probes of links off, all at once (each alone waits some 20 ms for the kernel); what is read then is final.
   * Calls that had not returned by then are open calls of readFrames().
   */
  disarm(...links: number[]): void;
  setKnobs(slot: number, knobs: SlotKnobs): void;
  /**
   * For return probes that come and go, in a link apart from that of the entries (or in a link of the next generation): a
   * slot without return probes is untimed by itself, and timed again when they are on. With `untimed` while they are on,
   * no call is opened any more and those that are open still return as calls; calls that are open when the return
   * probes are taken off become `untracked`. Default `timed`. Of a `session` link, whose returns come with the entries, this
   * alone switches the timing.
   */
  setTiming(slot: number, timing: SlotTiming): void;
  /**
   * What is copied at calls that begin from now on; null: nothing. Shown singly are then: with clauses the calls that
   * match (1 in sampleRate of them, and slower than slowerThanNs, where these are set); without clauses the sampled and
   * the slow ones, or every call where neither is set. The slowest calls are kept among those that match.
   * @returns the version, which calls with these values carry; 0 for null.
   */
  setCapture(slot: number, capture: SlotCapture | null): number;
  /** Calls that met the filter, by slot. */
  matched(): BigUint64Array;
  readWaiting(): WaitColumns;
  readSlots(): SlotColumns;
  /** One slot's buckets, CORAL_HIST_BUCKETS of them. A view that changes while probes run and is empty after close. */
  histogram(slot: number): BigUint64Array;
  readNodes(): NodeColumns;
  readFrames(): FrameColumns;
  /**
   * Counts the open calls of some threads that have ended as unwound and gives their places to others. Not once the probes
   * are off: then a thread may have ended after its calls returned, unseen.
   */
  buryDeadThreads(): void;
  /** Hits by site, summed now. */
  siteHits(): BigUint64Array;
  /** Losses by reason, in the order of LOSSES (limits.ts). A view. */
  losses(): BigUint64Array;
  /** Takes the calls that the drain thread has gathered; null: none. */
  takeCalls(): CallColumns | null;
  /** The slowest calls so far, at most maxSlow a slot, kept by the drain thread. */
  slowCalls(): CallColumns;
  /** Bytes of kernel memory in this session's maps. */
  memoryBytes(): number;
  /** Links, ring, maps, in this order. Idempotent. */
  close(): void;
}

/**
 * Abilities that the engine can do without; each can be switched off for tests. `batch`: without it the drain thread is
 * woken for each record of the ring.
 */
export const DISPENSABLE = ['uprobe_multi', 'session', 'batch'] as const;
export type DispensableAbility = (typeof DISPENSABLE)[number];

/** A kernel ability, found by trying it. */
export interface KernelFeature {
  name: string;
  ok: boolean;
  detail: string;
  fix: string;
}

/** Cost of one hit on this host, ns, measured on a function of our own. */
export interface Calibration {
  emulatedHitNs: number;
  steppedHitNs: number;
  /** A timed call: emulated entry and stepped return. */
  returnPairNs: number;
  /** What a return by uprobe.session costs on top of its entry; 0: the kernel has none. */
  replacedReturnNs: number;
}

export interface Kernel {
  /** Probes of a session at one time: few where each is a perf event of its own, for want of uprobe_multi. */
  readonly maxProbes?: number;
  features(): KernelFeature[];
  calibrate(): Calibration;
  open(options: KernelOptions): KernelSession;
  /** CLOCK_BOOTTIME now, ns. */
  bootNs(): bigint;
  /** Processor time, user and system, of all threads that a process has or had, ns, in steps of up to 4 ms; null: the process is gone. */
  processCpuNs(pid: number): number | null;
  /** Reads another process's memory; null where a page cannot be read, and when the process is gone. */
  readMemory(pid: number, address: bigint, length: number): Buffer | null;
  /** Threads of a process (or this one) that do not run now; null where the kernel cannot tell (it needs Linux 6.1), none when the process is gone. */
  parkedThreads(pid: number, thread?: number): ParkedColumns | null;
}
