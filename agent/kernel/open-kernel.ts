/** The real kernel: the addon, loaded at the first use. */

import { calibrate } from './calibrate.js';
import { features } from './features.js';
import type { Calibration, Kernel, KernelFeature, KernelOptions, KernelSession } from './kernel.js';
import { asking } from './kernel-error.js';
import { loadAddon, type NativeAddon } from './native-addon.js';
import { openSession } from './open-session.js';

/** Opens nothing yet; each call loads the addon if it is not. Failures are KernelError. */
export function openKernel(): Kernel {
  let loaded: NativeAddon | undefined;
  const addon = (): NativeAddon => {
    loaded ??= loadAddon();
    return loaded;
  };
  return {
    features: (): KernelFeature[] => features(addon()),
    calibrate: (): Calibration => calibrate(addon()),
    open: (options: KernelOptions): KernelSession => openSession(addon(), options),
    bootNs: (): bigint => addon().bootNs(),
    readMemory: (pid, address, length) => asking(() => addon().readMemory(pid, address, length)),
  };
}
