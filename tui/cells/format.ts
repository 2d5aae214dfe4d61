/** Numbers as people read them, each with its unit, in as few cells as three significant digits need. */

const NONE = '·';

/** `850ns`, `18.2ms`, `104ms`, `1.23s`, `2m03s`; `·` for none. */
export function durationText(durationNs: number | undefined): string {
  if (durationNs === undefined || !Number.isFinite(durationNs)) return NONE;
  if (durationNs < 999.5) return `${Math.round(durationNs)}ns`;
  if (durationNs < 999.5e3) return `${threeDigits(durationNs / 1e3)}µs`;
  if (durationNs < 999.5e6) return `${threeDigits(durationNs / 1e6)}ms`;
  if (durationNs < 59.95e9) return `${threeDigits(durationNs / 1e9)}s`;
  return clockText(durationNs / 1e9);
}

/** `43s` below a minute, then `2m03s`, then `1h02m`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${twoDigits(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${twoDigits(Math.floor(whole / 60) % 60)}m`;
}

/** `0:43`, for what is left. */
export function countdownText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${twoDigits(whole % 60)}`;
}

/** Every digit with separators up to 999,999,999; `1.23G` above. Zero is `·`, so that what happened stands out. */
export function countText(count: number | undefined): string {
  if (count === undefined || count === 0) return NONE;
  return count < 1e9 ? exactText(count) : compactText(count);
}

/** Every digit, with separators. */
export function exactText(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `210`, `2.5k`, `18.2k`, `1.2M`: for rates. Below ten one decimal. */
export function compactText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (value < 0.05) return NONE;
  if (value < 9.95) return value.toFixed(1);
  if (value < 999.5) return Math.round(value).toString();
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
  ] as const) {
    if (value < size * 999.5 || unit === 'G') return `${oneDecimal(value / size)}${unit}`;
  }
  return NONE;
}

/** `412 B`, `1.9 KiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${oneDecimal(bytes / 1024)} KiB` : `${oneDecimal(bytes / 1024 / 1024)} MiB`;
}

/** `0.2%`, `12%`, `<0.1%`. */
export function percentText(percent: number | undefined): string {
  if (percent === undefined || !Number.isFinite(percent)) return NONE;
  if (percent === 0) return '0%';
  if (percent < 0.05) return '<0.1%';
  return percent < 9.95 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`;
}

const oneDecimal = (value: number): string => (value < 99.95 ? value.toFixed(1) : Math.round(value).toString());

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : Math.round(value).toString();
}

const twoDigits = (value: number): string => value.toString().padStart(2, '0');
