/** A kernel whose counters the test sets. */

import type {
  ArmedSite,
  Calibration,
  CallColumns,
  FrameColumns,
  Kernel,
  KernelOptions,
  KernelSession,
  LinkProgram,
  RefusedSite,
  SlotCapture,
  SlotColumns,
  SlotKnobs,
  SlotTiming,
  WaitColumns,
} from '../kernel/kernel.js';

const SLOT_COLUMNS = ['calls', 'returns', 'unwound', 'untracked', 'joinedMidCall', 'sumNs', 'minNs', 'maxNs'] as const;

/** One open frame. */
export interface FakeFrame {
  slot: number;
  tgid: number;
  thread: number;
  g?: bigint;
  goroutine?: bigint;
  depth?: bigint;
  startNs: bigint;
  waitReason?: number;
  waitingSinceNs?: bigint;
}

export class FakeSession implements KernelSession {
  readonly armed = new Map<number, { pid: number; path: string; program: LinkProgram; sites: readonly ArmedSite[] }>();
  readonly knobs = new Map<number, SlotKnobs>();
  readonly slots: SlotColumns;
  readonly hits: BigUint64Array;
  readonly timings = new Map<number, SlotTiming>();
  readonly captures = new Map<number, SlotCapture | null>();
  waiting: WaitColumns = {
    slot: new Uint32Array(0),
    reason: new Uint8Array(0),
    count: new BigUint64Array(0),
    totalNs: new BigUint64Array(0),
  };
  frames: FakeFrame[] = [];
  pendingCalls: CallColumns | null = null;
  refuseOffsets: readonly number[] = [];
  closed = false;
  #links = 0;
  readonly #histograms = new Map<number, BigUint64Array>();

  constructor(readonly options: KernelOptions) {
    this.slots = Object.fromEntries(
      SLOT_COLUMNS.map((name) => [name, new BigUint64Array(options.slots)]),
    ) as unknown as SlotColumns;
    this.hits = new BigUint64Array(options.sites);
  }

  arm(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): { link: number; refused: RefusedSite[] } {
    const refused = sites.filter((site) => this.refuseOffsets.includes(site.offset)).map(({ site }) => ({ site, errno: 524 }));
    this.#links += 1;
    this.armed.set(this.#links, { pid, path, program, sites });
    return { link: this.#links, refused };
  }

  disarm(...links: number[]): void {
    for (const link of links) this.armed.delete(link);
  }

  setKnobs(slot: number, knobs: SlotKnobs): void {
    this.knobs.set(slot, knobs);
  }

  setTiming(slot: number, timing: SlotTiming): void {
    this.timings.set(slot, timing);
  }

  setCapture(slot: number, capture: SlotCapture | null): number {
    this.captures.set(slot, capture);
    return capture ? 1 : 0;
  }

  matched(): BigUint64Array {
    return new BigUint64Array(this.options.slots);
  }

  readWaiting(): WaitColumns {
    return this.waiting;
  }

  readSlots(): SlotColumns {
    return Object.fromEntries(SLOT_COLUMNS.map((name) => [name, this.slots[name].slice()])) as unknown as SlotColumns;
  }

  histogram(slot: number): BigUint64Array {
    const histogram = this.#histograms.get(slot) ?? new BigUint64Array(1152);
    this.#histograms.set(slot, histogram);
    return histogram;
  }

  readNodes() {
    const none = new BigUint64Array(0);
    return {
      id: new Uint32Array(0),
      parent: new Uint32Array(0),
      slot: new Uint32Array(0),
      calls: none,
      totalNs: none,
      selfNs: none,
      waitingNs: none,
      starter: none,
    };
  }

  buryDeadThreads(): void {}

  readFrames(): FrameColumns {
    return {
      slot: Uint32Array.from(this.frames, (frame) => frame.slot),
      node: new Uint32Array(this.frames.length),
      tgid: Uint32Array.from(this.frames, (frame) => frame.tgid),
      thread: Uint32Array.from(this.frames, (frame) => frame.thread),
      g: BigUint64Array.from(this.frames, (frame) => frame.g ?? 0n),
      goroutine: BigUint64Array.from(this.frames, (frame) => frame.goroutine ?? 0n),
      depth: BigUint64Array.from(this.frames, (frame) => frame.depth ?? 0n),
      startNs: BigUint64Array.from(this.frames, (frame) => frame.startNs),
      waitReason: Uint8Array.from(this.frames, (frame) => frame.waitReason ?? 255),
      waitingSinceNs: BigUint64Array.from(this.frames, (frame) => frame.waitingSinceNs ?? 0n),
    };
  }

  siteHits(): BigUint64Array {
    return this.hits;
  }

  losses(): BigUint64Array {
    return new BigUint64Array(8);
  }

  takeCalls(): CallColumns | null {
    const calls = this.pendingCalls;
    this.pendingCalls = null;
    return calls;
  }

  slowCalls(): CallColumns {
    return callColumns(0);
  }

  memoryBytes(): number {
    return 1024;
  }

  close(): void {
    this.closed = true;
    this.armed.clear();
  }
}

/** `count` calls of slot 0, one a microsecond. */
export function callColumns(count: number): CallColumns {
  const numbers = BigUint64Array.from({ length: count }, (_, i) => BigInt(i) * 1000n);
  const zeros = new Uint32Array(count);
  return {
    callId: numbers,
    startNs: numbers,
    durationNs: numbers,
    goroutine: numbers,
    thread: zeros,
    tgid: zeros,
    slot: zeros,
    flags: zeros,
    captures: Buffer.alloc(0),
    captureAt: new Int32Array(count).fill(-1),
    captureVersion: zeros,
  };
}

export class FakeKernel implements Kernel {
  readonly sessions: FakeSession[] = [];
  /** File offsets that the kernel will not probe. */
  refuseOffsets: readonly number[] = [];
  memory: Kernel['readMemory'] = () => null;

  /** The session opened last. */
  get session(): FakeSession {
    const last = this.sessions.at(-1);
    if (!last) throw new Error('no kernel session was opened');
    return last;
  }

  features() {
    return [{ name: 'uprobe_multi', ok: true, detail: 'fake', fix: '' }];
  }

  calibrate(): Calibration {
    return { emulatedHitNs: 500, steppedHitNs: 10_000, returnPairNs: 10_500, replacedReturnNs: 700 };
  }

  open(options: KernelOptions): FakeSession {
    const session = new FakeSession(options);
    session.refuseOffsets = this.refuseOffsets;
    this.sessions.push(session);
    return session;
  }

  bootNs(): bigint {
    return process.hrtime.bigint();
  }

  processCpuNs(): null {
    return null;
  }

  readMemory(pid: number, address: bigint, length: number): Buffer | null {
    return this.memory(pid, address, length);
  }

  parkedThreads(): null {
    return null;
  }
}
