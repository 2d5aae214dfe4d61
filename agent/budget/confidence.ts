/** Quantiles for 95 % intervals of few samples. Pure. */

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.96;
/** The same for windows with and without calls, which follow each other less by chance than coins do. */
const Z_SHARE = 2.5;

/** Student's t, two-sided 95 %, for few degrees of freedom. */
const STUDENT_T: readonly number[] = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

export function studentT(degrees: number): number {
  return STUDENT_T[degrees - 1] ?? Z + 2.4 / (degrees - 1);
}

/**
 * Of the time that had calls, where `active` of `windows` had some (Wilson's interval): factors that it may differ by from
 * what was seen, and the most of it.
 */
export function activeShare(active: number, windows: number): { lower: number; upper: number; most: number } {
  if (active === windows) return { lower: 1, upper: 1, most: 1 };
  const share = active / windows;
  const centre = share + Z_SHARE ** 2 / (2 * windows);
  const half = Z_SHARE * Math.sqrt((share * (1 - share)) / windows + (Z_SHARE / (2 * windows)) ** 2);
  const scale = 1 + Z_SHARE ** 2 / windows;
  const [least, most] = [(centre - half) / scale, (centre + half) / scale];
  return { lower: share > 0 ? least / share : 0, upper: share > 0 ? most / share : Number.POSITIVE_INFINITY, most };
}
