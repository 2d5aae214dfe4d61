/** A kernel session over the addon: what a site means, when its slot counts, and what hits add up to. */

import { constants } from 'node:os';
import { cookieOf } from './cookies.js';
import { encodeCapture } from './encode-capture.js';
import type {
  ArmedSite,
  KernelOptions,
  KernelSession,
  LinkProgram,
  RefusedSite,
  SlotCapture,
  SlotColumns,
  SlotKnobs,
  SlotTiming,
} from './kernel.js';
import { asking, KernelError } from './kernel-error.js';
import { CAPTURE_ENTRY, CAPTURE_ON, COOKIE_FLAGS_SHIFT, COOKIE_SITE_SHIFT, GENERATIONS, HIST_BUCKETS } from './limits.js';
import { BPF_OBJECT_PATH, type NativeAddon, type NativeSession } from './native-addon.js';
import { isAboutSites, refusedAmong } from './refused-sites.js';
import { SlotState } from './slot-states.js';

/** Single calls a second when the options do not say (the RFD's limit). */
const DEFAULT_CALLS_PER_SECOND = 10_000;

const DEFAULT_CAPTURES = 1024;

const NEVER_SLOW = (1n << 64n) - 1n;

const MAX_SLOTS = 2 ** COOKIE_SITE_SHIFT;
/** What a cookie has room for. */
export const MAX_SITES = 2 ** (COOKIE_FLAGS_SHIFT - COOKIE_SITE_SHIFT);

/** The answer of arm() where every site was refused; disarming it does nothing. */
const NO_LINK = 0;

/** How probes are made on this kernel. */
export interface Means {
  /** One perf event a probe instead of uprobe_multi. */
  perfEvents: boolean;
  /** uprobe.session may be used. */
  session: boolean;
  /** Records wait in the ring until it pays to wake the drain thread. */
  batch: boolean;
  maxProbes: number;
}

/** Loads the BPF object with maps of the wanted sizes. */
export function openSession(addon: NativeAddon, options: KernelOptions, means: Means): KernelSession {
  checkOptions(options);
  const { maxCallsPerSecond = DEFAULT_CALLS_PER_SECOND, captures = DEFAULT_CAPTURES } = options;
  const sizes = {
    ...options,
    maxCallsPerSecond,
    captures,
    perfEvents: means.perfEvents,
    ringWakeBytes: means.batch ? options.ringBytes / 4 : 0,
  };
  return new Session(
    asking(() => new addon.Session(BPF_OBJECT_PATH, sizes)),
    options,
    means,
  );
}

/** What fits into a cookie. */
function checkOptions({ slots, sites }: KernelOptions): void {
  if (slots > MAX_SLOTS) throw new RangeError(`${slots} slots; a session has at most ${MAX_SLOTS}`);
  if (sites > MAX_SITES) throw new RangeError(`${sites} sites; a session has at most ${MAX_SITES}`);
}

class Session implements KernelSession {
  readonly #slotsOfLink = new Map<number, number[]>();
  readonly #probesOfLink = new Map<number, number>();
  readonly #processes = new Map<number, number>();
  readonly #states = new Map<number, SlotState>();
  #captureVersion = 0;
  readonly #slotOfEntry = new Map<number, number>();
  readonly #histograms: BigUint64Array;
  readonly #losses: BigUint64Array;

  constructor(
    readonly native: NativeSession,
    readonly options: KernelOptions,
    readonly means: Means,
  ) {
    this.#histograms = new BigUint64Array(native.histograms);
    this.#losses = new BigUint64Array(native.losses);
  }

  arm(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): { link: number; refused: RefusedSite[] } {
    this.#checkNumbers(sites);
    this.#checkMeans(program, sites.length);
    try {
      return { link: this.#armAll(pid, path, program, sites), refused: [] };
    } catch (error) {
      if (!isAboutSites(error)) throw error;
      return this.#armWithoutRefused(pid, path, program, sites, error.errno);
    }
  }

  disarm(...links: number[]): void {
    const slots = [...new Set(links.flatMap((link) => this.#slotsOfLink.get(link) ?? []))];
    for (const slot of slots) this.#tell(slot, (state) => state.beforeUnlink(links));
    asking(() => this.native.unlink(Uint32Array.from(links)));
    for (const slot of slots) this.#tell(slot, (state) => state.afterUnlink(links));
    for (const link of links) {
      this.#slotsOfLink.delete(link);
      this.#probesOfLink.delete(link);
    }
  }

  setKnobs(slot: number, knobs: SlotKnobs): void {
    const { goidOffset, starterOffset = 0, recoveredAt = [], sampleRate, slowerThanNs, generation } = knobs;
    const [recoveredOffset = 0, recoveredSpOffset = 0] = recoveredAt;
    const bound = slowerThanNs > 0 ? BigInt(Math.round(slowerThanNs)) : NEVER_SLOW;
    asking(() => this.native.setKnobs(slot, goidOffset, starterOffset, sampleRate, bound, recoveredOffset, recoveredSpOffset));
    if (generation !== undefined) this.#tell(slot, (state) => state.setGeneration(generation));
  }

  setTiming(slot: number, timing: SlotTiming): void {
    this.#tell(slot, (state) => state.setTiming(timing));
  }

  setCapture(slot: number, capture: SlotCapture | null): number {
    if (capture === null) {
      asking(() => this.native.setCapture(slot, null, 0));
      return 0;
    }
    this.#captureVersion += 1;
    const bits = CAPTURE_ON | (capture.entry.length > 0 ? CAPTURE_ENTRY : 0);
    asking(() => this.native.setCapture(slot, encodeCapture(capture, this.#captureVersion), bits));
    return this.#captureVersion;
  }

  /** Calls that are not followed any more count as untracked while the kernel still has their frames. */
  readSlots(): SlotColumns {
    const hits = this.siteHits();
    const calls = new BigUint64Array(this.options.slots);
    for (const [site, slot] of this.#slotOfEntry) calls[slot]! += hits[site]!;
    const slots = asking(() => this.native.readSlots());
    const stale = asking(() => this.native.staleFrames());
    stale.forEach((count, slot) => {
      slots.untracked[slot]! += count;
    });
    return { calls, ...slots };
  }

  histogram(slot: number): BigUint64Array {
    return this.#histograms.subarray(slot * HIST_BUCKETS, (slot + 1) * HIST_BUCKETS);
  }

  losses(): BigUint64Array {
    return this.#losses;
  }

  readNodes = () => asking(() => this.native.readNodes());
  readFrames = () => asking(() => this.native.readFrames());
  buryDeadThreads = () => asking(() => this.native.buryDeadThreads());
  readWaiting = () => asking(() => this.native.readWaiting());
  matched = () => asking(() => this.native.matched());
  siteHits = () => asking(() => this.native.siteHits());
  takeCalls = () => asking(() => this.native.takeCalls());
  slowCalls = () => asking(() => this.native.slowCalls());
  memoryBytes = () => asking(() => this.native.memoryBytes());

  close(): void {
    this.native.close();
  }

  /** Sites go live one by one, so timed slots start to count when all of theirs are. */
  #armAll(pid: number, path: string, program: LinkProgram, sites: readonly ArmedSite[]): number {
    const bySlot = sitesBySlot(sites);
    const link = this.#linkOfSlots(pid, path, program, sites, bySlot);
    this.#slotsOfLink.set(link, [...bySlot.keys()]);
    this.#probesOfLink.set(link, sites.length);
    for (const { site, slot, role } of sites) {
      if (role === 'entry' || role === 'entry_return') this.#slotOfEntry.set(site, slot);
    }
    for (const [slot, some] of bySlot) this.#tell(slot, (state) => state.afterLink(link, some, program));
    return link;
  }

  #linkOfSlots(
    pid: number,
    path: string,
    program: LinkProgram,
    sites: readonly ArmedSite[],
    bySlot: Map<number, ArmedSite[]>,
  ): number {
    for (const [slot, some] of bySlot) {
      asking(() => this.native.setProcess(slot, this.#processNumber(pid), pid));
      this.#tell(slot, (state) => state.beforeLink(some[0]!.generation ?? 0));
    }
    try {
      return this.#link(pid, path, program, sites);
    } catch (error) {
      for (const slot of bySlot.keys()) this.#tell(slot, (state) => state.linkFailed());
      throw error;
    }
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

  /**
   * The state before the generations: a slot that stops to follow its calls does so before its returns go unseen. Where
   * returns go with a link the old one must be silent before there is a new epoch.
   */
  #tell(slot: number, change: (state: SlotState) => void): void {
    const state = this.#states.get(slot) ?? new SlotState();
    this.#states.set(slot, state);
    change(state);
    const writes = [
      () => this.native.setState(slot, state.stateWord),
      () => this.native.setGenerations(slot, state.generationsWord),
    ];
    for (const write of state.returnsByLink ? writes.reverse() : writes) asking(write);
  }

  #checkMeans(program: LinkProgram, probes: number): void {
    if (program === 'session' && !this.means.session) throw new KernelError('uprobe.session', constants.errno.EOPNOTSUPP);
    const all = [...this.#probesOfLink.values()].reduce((sum, count) => sum + count, probes);
    if (all <= this.means.maxProbes) return;
    throw new KernelError(`${all} probes; this kernel takes ${this.means.maxProbes}`, constants.errno.E2BIG);
  }

  #checkNumbers(sites: readonly ArmedSite[]): void {
    for (const { slot, site, generation = 0 } of sites) {
      if (generation >= GENERATIONS) throw new RangeError(`generation ${generation}; they go up to ${GENERATIONS - 1}`);
      if (slot >= this.options.slots) throw new RangeError(`slot ${slot}; the session was opened with ${this.options.slots}`);
      if (site >= this.options.sites) throw new RangeError(`site ${site}; the session was opened with ${this.options.sites}`);
    }
  }
}

function sitesBySlot(sites: readonly ArmedSite[]): Map<number, ArmedSite[]> {
  const bySlot = new Map<number, ArmedSite[]>();
  for (const site of sites) {
    const some = bySlot.get(site.slot);
    if (some) some.push(site);
    else bySlot.set(site.slot, [site]);
  }
  return bySlot;
}

/** A function is armed wholly or not at all: with an exit missing, its calls would look open for ever. */
function sitesOfWholeSlots(sites: readonly ArmedSite[], refused: readonly RefusedSite[]): ArmedSite[] {
  const refusedSites = new Set(refused.map((refusal) => refusal.site));
  const refusedSlots = new Set(sites.filter((site) => refusedSites.has(site.site)).map((site) => site.slot));
  return sites.filter((site) => !refusedSlots.has(site.slot));
}
