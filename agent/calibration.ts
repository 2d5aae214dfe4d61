/** The calibrated cost of a hit on this host: measured once a boot, kept beside the sockets. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration, Kernel } from './kernel/kernel.js';

const FILE = 'calibration.json';

/** Reads what an agent of this boot has measured, or measures (some 60 ms) and keeps it. */
export function calibrateOnce(kernel: Kernel, runtimeDir: string, bootId: string): Calibration {
  const path = join(runtimeDir, FILE);
  const known = readCalibration(path, bootId);
  if (known) return known;
  const calibration = kernel.calibrate();
  writeFileSync(path, JSON.stringify({ bootId, calibration }), { mode: 0o600 });
  return calibration;
}

/** Null when there is none, or it is of another boot, or no calibration at all. */
function readCalibration(path: string, bootId: string): Calibration | null {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { bootId?: string; calibration?: Partial<Calibration> };
    const { emulatedHitNs, steppedHitNs, returnPairNs, replacedReturnNs } = kept.calibration ?? {};
    if (kept.bootId !== bootId || !emulatedHitNs || !steppedHitNs || !returnPairNs) return null;
    if (replacedReturnNs === undefined) return null;
    return { emulatedHitNs, steppedHitNs, returnPairNs, replacedReturnNs };
  } catch {
    return null; // the first agent of this boot, or a file cut short: measure
  }
}
