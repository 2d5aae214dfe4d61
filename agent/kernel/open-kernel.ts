/** The real kernel: the addon, loaded at the first use. */

import { constants } from 'node:os';
import { calibrate } from './calibrate.js';
import { features } from './features.js';
import type {
  Calibration,
  DispensableAbility,
  Kernel,
  KernelFeature,
  KernelOptions,
  KernelSession,
  ParkedColumns,
} from './kernel.js';
import { asking, KernelError } from './kernel-error.js';
import { loadAddon, type NativeAddon, PARKED_OBJECT_PATH } from './native-addon.js';
import { MAX_SITES, type Means, openSession } from './open-session.js';

/** Probes that are perf events: each takes the kernel some 0.1 s to take off. */
const MAX_PERF_EVENTS = 64;

/**
 * Opens nothing yet; each call loads the addon if it is not. Failures are KernelError. `without`: abilities that are not
 * used though they are there.
 */
export function openKernel(without: readonly DispensableAbility[] = []): Kernel {
  let loaded: NativeAddon | undefined;
  let hasIterator = true;
  const addon = (): NativeAddon => {
    loaded ??= loadAddon();
    return loaded;
  };
  const means = (): Means => meansOf(addon(), without);
  return {
    get maxProbes() {
      return means().maxProbes;
    },
    features: (): KernelFeature[] => features(addon(), without),
    calibrate: (): Calibration => calibrate(addon(), means()),
    open: (options: KernelOptions): KernelSession => openSession(addon(), options, means()),
    bootNs: (): bigint => addon().bootNs(),
    processCpuNs: (pid) => addon().processCpuNs(pid),
    readMemory: (pid, address, length) => asking(() => addon().readMemory(pid, address, length)),
    parkedThreads: (pid, thread = 0) => {
      if (!hasIterator) return null;
      try {
        return asking(() => addon().parkedThreads(PARKED_OBJECT_PATH, pid, thread));
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        if (error.errno === constants.errno.ESRCH) return NO_THREADS;
        hasIterator = PASSING.has(error.errno);
        return null;
      }
    },
  };
}

/** The machine had too little for it just then: that says nothing of the kernel. */
const { ENOMEM, EMFILE, ENFILE, EAGAIN, EINTR } = constants.errno;
const PASSING = new Set([ENOMEM, EMFILE, ENFILE, EAGAIN, EINTR]);

const NO_WORDS = new BigUint64Array(0);
/** Of a process that is gone. */
const NO_THREADS: ParkedColumns = { thread: new Uint32Array(0), ip: NO_WORDS, sp: NO_WORDS, bp: NO_WORDS, switches: NO_WORDS };

/** By what the kernel can do and what is switched off. Lacking rights are no lack of the kernel's. */
function meansOf(addon: NativeAddon, without: readonly DispensableAbility[]): Means {
  const errno = addon.tryFeature('uprobe_multi');
  const perfEvents = without.includes('uprobe_multi') || (errno !== 0 && errno !== constants.errno.EPERM);
  return {
    perfEvents,
    session: !perfEvents && !without.includes('session'),
    batch: !without.includes('batch'),
    maxProbes: perfEvents ? MAX_PERF_EVENTS : MAX_SITES,
  };
}
