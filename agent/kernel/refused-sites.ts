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

/**
 * Halves a list that is known to be refused until the culprits stand alone. `refusal` makes a trial link and takes it
 * off: undefined, or the errno.
 */
export function refusedAmong(sites: readonly ArmedSite[], errno: number, refusal: Refusal): RefusedSite[] {
  if (sites.length === 1) return [{ site: sites[0]!.site, errno }];
  const middle = sites.length >> 1;
  const [left, right] = [sites.slice(0, middle), sites.slice(middle)];
  const leftErrno = refusal(left);
  if (leftErrno === undefined) return refusedAmong(right, errno, refusal);
  const rightErrno = refusal(right);
  const inRight = rightErrno === undefined ? [] : refusedAmong(right, rightErrno, refusal);
  return [...refusedAmong(left, leftErrno, refusal), ...inRight];
}

type Refusal = (sites: readonly ArmedSite[]) => number | undefined;
