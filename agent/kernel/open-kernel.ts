/** The real kernel: the addon, loaded at the first use. */

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
    features: (): KernelFeature[] => [],
    calibrate: (): Calibration => ({ emulatedHitNs: 0, steppedHitNs: 0, returnPairNs: 0 }),
    open: (options: KernelOptions): KernelSession => openSession(addon(), options),
    bootNs: (): bigint => addon().bootNs(),
    readMemory: (pid, address, length) => asking(() => addon().readMemory(pid, address, length)),
  };
}
