/** Finds the sites that the kernel refuses, when a link of many is refused as a whole. */

import { constants as os } from 'node:os';
import type { ArmedSite, RefusedSite } from './kernel.js';
import { ENOTSUPP, KernelError } from './kernel-error.js';

/** The errors that speak of an instruction or an offset rather than of the process, the file or our rights. */
const SITE_ERRNOS = new Set<number>([ENOTSUPP, os.errno.EINVAL, os.errno.EIO, os.errno.ENOEXEC]);

/** Whether leaving out some sites can help. */
export function isAboutSites(error: unknown): error is KernelError {
  return error instanceof KernelError && SITE_ERRNOS.has(error.errno);
}

/** Halves the list until the culprits stand alone. `attempt` makes a trial link and takes it off, or throws KernelError. */
export function refusedAmong(sites: readonly ArmedSite[], attempt: (sites: readonly ArmedSite[]) => void): RefusedSite[] {
  try {
    attempt(sites);
    return [];
  } catch (error) {
    if (!isAboutSites(error)) throw error;
    if (sites.length === 1) return [{ site: sites[0]!.site, errno: error.errno }];
  }
  const middle = sites.length >> 1;
  return [...refusedAmong(sites.slice(0, middle), attempt), ...refusedAmong(sites.slice(middle), attempt)];
}
