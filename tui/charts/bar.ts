/** A horizontal bar in eighths of a cell. */

/** `share` from 0 to 1 of `width` cells; anything above zero draws at least the thinnest part. */
export function bar(share: number, width: number, parts: readonly string[]): string {
  const whole = parts.at(-1) ?? '#';
  const steps = Math.round(Math.max(0, Math.min(1, share)) * width * parts.length);
  const wanted = share > 0 ? Math.max(1, steps) : 0;
  const rest = wanted % parts.length;
  return whole.repeat(Math.floor(wanted / parts.length)) + (rest > 0 ? (parts[rest - 1] ?? '') : '');
}
