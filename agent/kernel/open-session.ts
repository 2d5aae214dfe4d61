/** A kernel session over the addon: what a site means, when its slot counts, and what hits add up to. */

import { constants as os } from 'node:os';
import { cookieOf } from './cookies.js';
import type {
  ArmedSite,
  CallColumns,
  FrameColumns,
  KernelOptions,
  KernelSession,
  LinkProgram,
  NodeColumns,
  RefusedSite,
  SlotColumns,
  SlotKnobs,
  WaitColumns,
} from './kernel.js';
import { asking, KernelError } from './kernel-error.js';
import { COOKIE_FLAGS_SHIFT, COOKIE_SITE_SHIFT, HIST_BUCKETS, SLOT_CLOSING, SLOT_OFF, SLOT_ON } from './limits.js';
import { BPF_OBJECT_PATH, type NativeAddon, type NativeSession } from './native-addon.js';
import { isAboutSites, refusedAmong } from './refused-sites.js';

/** Single calls a second when the options do not say (the RFD's limit). */
const DEFAULT_CALLS_PER_SECOND = 10_000;

const NEVER_SLOW = (1n << 64n) - 1n;

const MAX_SLOTS = 2 ** COOKIE_SITE_SHIFT;
const MAX_SITES = 2 ** (COOKIE_FLAGS_SHIFT - COOKIE_SITE_SHIFT);

/** FrameColumns.waitReason of a goroutine that does not wait. */
const NOT_WAITING = 255;

/** The answer of arm() where every site was refused; disarming it does nothing. */
const NO_LINK = 0;

/** Loads the BPF object with maps of the wanted sizes. */
export function openSession(addon: NativeAddon, options: KernelOptions): KernelSession {
  checkOptions(options);
  const { maxCallsPerSecond = DEFAULT_CALLS_PER_SECOND } = options;
  const sizes = { ...options, maxCallsPerSecond };
  return new Session(
    asking(() => new addon.Session(BPF_OBJECT_PATH, sizes)),
    options,
  );
}

/** What fits into a cookie. */
function checkOptions({ slots, sites }: KernelOptions): void {
  if (slots > MAX_SLOTS) throw new RangeError(`${slots} slots; a session has at most ${MAX_SLOTS}`);
  if (sites > MAX_SITES) throw new RangeError(`${sites} sites; a session has at most ${MAX_SITES}`);
}

class Session implements KernelSession {
  readonly #slotsOfLink = new Map<number, number[]>();
  readonly #processes = new Map<number, number>();
  readonly #entrySites: { site: number; slot: number }[] = [];
  readonly #histograms: BigUint64Array;
  readonly #losses: BigUint64Array;

  constructor(
    readonly native: NativeSession,
    readonly options: KernelOptions,
  ) {
    this.#histograms = new BigUint64Array(native.histograms);
    this.#losses = new BigUint64Array(native.losses);
  }

  arm(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): { link: number; refused: RefusedSite[] } {
    this.#checkNumbers(sites);
    try {
      return { link: this.#armAll(pid, path, program, sites), refused: [] };
    } catch (error) {
      if (!isAboutSites(error)) throw error;
      return this.#armWithoutRefused(pid, path, program, sites, error.errno);
    }
  }

  disarm(...links: number[]): void {
    const slots = links.flatMap((link) => this.#slotsOfLink.get(link) ?? []);
    this.#setStates(slots, SLOT_CLOSING);
    asking(() => this.native.unlink(Uint32Array.from(links)));
    this.#setStates(slots, SLOT_OFF);
    for (const link of links) this.#slotsOfLink.delete(link);
  }

  setKnobs(slot: number, knobs: SlotKnobs): void {
    const slowerThanNs = knobs.slowerThanNs > 0 ? BigInt(Math.round(knobs.slowerThanNs)) : NEVER_SLOW;
    asking(() => this.native.setKnobs(slot, knobs.goidOffset, knobs.sampleRate, slowerThanNs));
  }

  readSlots(): SlotColumns {
    const hits = this.siteHits();
    const calls = new BigUint64Array(this.options.slots);
    for (const { site, slot } of this.#entrySites) calls[slot]! += hits[site]!;
    return { calls, ...asking(() => this.native.readSlots()) };
  }

  histogram(slot: number): BigUint64Array {
    return this.#histograms.subarray(slot * HIST_BUCKETS, (slot + 1) * HIST_BUCKETS);
  }

  losses(): BigUint64Array {
    return this.#losses;
  }

  setTiming(): void {
    throw new KernelError('a slot without timing', os.errno.ENOSYS);
  }

  setCapture(): void {
    throw new KernelError('capturing', os.errno.ENOSYS);
  }

  matched(): BigUint64Array {
    return new BigUint64Array(this.options.slots);
  }

  readWaiting(): WaitColumns {
    return {
      slot: new Uint32Array(0),
      reason: new Uint8Array(0),
      count: new BigUint64Array(0),
      totalNs: new BigUint64Array(0),
    };
  }

  readNodes(): NodeColumns {
    const nodes = asking(() => this.native.readNodes());
    return { ...nodes, waitingNs: new BigUint64Array(nodes.id.length) };
  }

  readFrames(): FrameColumns {
    const frames = asking(() => this.native.readFrames());
    const { length } = frames.slot;
    return { ...frames, waitReason: new Uint8Array(length).fill(NOT_WAITING), waitingSinceNs: new BigUint64Array(length) };
  }

  takeCalls(): CallColumns | null {
    const calls = asking(() => this.native.takeCalls());
    return calls && withoutCaptures(calls);
  }

  slowCalls = () => withoutCaptures(asking(() => this.native.slowCalls()));
  siteHits = () => asking(() => this.native.siteHits());
  memoryBytes = () => asking(() => this.native.memoryBytes());

  close(): void {
    this.native.close();
  }

  /** Sites go live one by one, so timed slots start to count when all of theirs are. */
  #armAll(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): number {
    const slots = [...new Set(sites.map((site) => site.slot))];
    for (const slot of slots) asking(() => this.native.setProcess(slot, this.#processNumber(pid)));
    const link = this.#link(pid, path, program, sites);
    this.#slotsOfLink.set(link, slots);
    this.#entrySites.push(...sites.filter((site) => site.role !== 'return'));
    this.#setStates(slots, SLOT_ON);
    return link;
  }

  #armWithoutRefused(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[], errno: number) {
    const refused = refusedAmong(sites, errno, (some) => this.#refusal(pid, path, some));
    const taken = sitesOfWholeSlots(sites, refused);
    return { link: taken.length > 0 ? this.#armAll(pid, path, program, taken) : NO_LINK, refused };
  }

  /** Whether the kernel refuses these sites, tried with a program that does nothing. */
  #refusal(pid: number, path: string, sites: readonly ArmedSite[]): number | undefined {
    try {
      const link = this.#link(pid, path, 'idle', sites);
      asking(() => this.native.unlink(Uint32Array.of(link)));
      return undefined;
    } catch (error) {
      if (isAboutSites(error)) return error.errno;
      throw error;
    }
  }

  #link(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): number {
    const offsets = BigUint64Array.from(sites, (site) => BigInt(site.offset));
    const cookies = BigUint64Array.from(sites, cookieOf);
    return asking(() => this.native.link(program, pid, path, offsets, cookies));
  }

  /** Processes of one program have their goroutines at the same addresses: the kernel tells them apart by this. */
  #processNumber(pid: number): number {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    this.#processes.set(pid, this.#processes.size + 1);
    return this.#processes.size;
  }

  #setStates(slots: readonly number[], state: number): void {
    for (const slot of slots) asking(() => this.native.setState(slot, state));
  }

  #checkNumbers(sites: readonly ArmedSite[]): void {
    for (const { slot, site } of sites) {
      if (slot >= this.options.slots) throw new RangeError(`slot ${slot}; the session was opened with ${this.options.slots}`);
      if (site >= this.options.sites) throw new RangeError(`site ${site}; the session was opened with ${this.options.sites}`);
    }
  }
}

const withoutCaptures = (calls: CallColumns): CallColumns => ({
  ...calls,
  captures: Buffer.alloc(0),
  captureAt: new Int32Array(calls.slot.length).fill(-1),
});

/** A function is armed wholly or not at all: with an exit missing, its calls would look open for ever. */
function sitesOfWholeSlots(sites: readonly ArmedSite[], refused: readonly RefusedSite[]): ArmedSite[] {
  const refusedSites = new Set(refused.map((refusal) => refusal.site));
  const refusedSlots = new Set(sites.filter((site) => refusedSites.has(site.site)).map((site) => site.slot));
  return sites.filter((site) => !refusedSlots.has(site.slot));
}
