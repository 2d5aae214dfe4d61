/** What a hit costs on this host: probes on functions of our own, called in a loop. */

import type { ArmedSite, Calibration, KernelSession } from './kernel.js';
import type { CalibrationSites, NativeAddon } from './native-addon.js';
import { type Means, openSession } from './open-session.js';

/** A single session holds the four functions; the last two have frames. */
const OPTIONS = { slots: 4, sites: 5, stacks: 16, nodes: 16, ringBytes: 4096, maxSlow: 0 };

/** The filter in question is that of uprobe_multi. */
const MULTI: Means = { perfEvents: false, session: false, batch: true, maxProbes: 1 };

/** Calls a batch: long enough for the clock, short enough that some batches meet no interrupt; the least counts. */
const BATCHES = 12;
const CALLS = { emulated: 100, stepped: 16, pair: 16, replaced: 100 };

function siteOf(slot: number, site: number, offset: number, role: ArmedSite['role']): ArmedSite {
  return { slot, site, offset, role, owner: 'thread', jbe: false };
}

function armAll(session: KernelSession, sites: CalibrationSites, means: Means): void {
  const { path, emulated, stepped, pairEntry, pairReturn, replaced } = sites;
  session.arm(process.pid, path, 'count', [siteOf(0, 0, emulated, 'entry'), siteOf(1, 1, stepped, 'entry')]);
  session.arm(process.pid, path, 'timed', [siteOf(2, 2, pairEntry, 'entry'), siteOf(2, 3, pairReturn, 'return')]);
  if (means.session) session.arm(process.pid, path, 'session', [siteOf(3, 4, replaced, 'entry')]);
}

/** ns a call, of the batch that was disturbed least. */
function leastNs(addon: NativeAddon, which: keyof typeof CALLS): number {
  const batches = Array.from({ length: BATCHES }, () => addon.callCalibration(which, CALLS[which]) / CALLS[which]);
  return Math.min(...batches);
}

/** Some 60 ms, most of it the kernel's taking off of the probes. */
export function calibrate(addon: NativeAddon, means: Means): Calibration {
  const bareNs = leastNs(addon, 'emulated');
  const session = openSession(addon, OPTIONS, means);
  try {
    armAll(session, addon.calibrationSites(), means);
    const costNs = (which: keyof typeof CALLS) => leastNs(addon, which) - bareNs;
    const emulatedHitNs = costNs('emulated');
    const replacedReturnNs = means.session ? Math.max(costNs('replaced') - emulatedHitNs, 0) : 0;
    return { emulatedHitNs, steppedHitNs: costNs('stepped'), returnPairNs: costNs('pair'), replacedReturnNs };
  } finally {
    session.close();
  }
}

/** Whether a pid filter covers all threads of the process (before Linux 6.10 only its first one). */
export function filterCoversThreads(addon: NativeAddon): boolean {
  const session = openSession(addon, OPTIONS, MULTI);
  try {
    const { path, emulated } = addon.calibrationSites();
    session.arm(process.pid, path, 'count', [siteOf(0, 0, emulated, 'entry')]);
    addon.callCalibration('emulated', 1);
    return session.siteHits()[0] === 1n;
  } finally {
    session.close();
  }
}
