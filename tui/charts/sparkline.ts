/** A row of small columns, one a value. */

/**
 * The last `width` values, right-aligned, scaled from zero to the largest. A value above zero never draws as nothing;
 * undefined draws as a blank.
 */
export function sparkline(values: readonly (number | undefined)[], width: number, ramp: readonly string[]): string {
  const shown = values.slice(-width);
  const highest = Math.max(0, ...shown.map((value) => value ?? 0));
  const steps = ramp.length - 1;
  const cells = shown.map((value) => {
    if (value === undefined) return ' ';
    if (highest === 0 || value <= 0) return ramp[1] ?? ' ';
    return ramp[Math.max(1, Math.min(steps, Math.ceil((value / highest) * steps)))] ?? ' ';
  });
  return cells.join('').padStart(width);
}
