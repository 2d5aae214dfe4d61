/** Numbers with units, for people. Pure. */

import type { Count } from '../../snapshots/document.js';

const STEPS = [
  { atLeastNs: 60e9, unit: 'm', ns: 60e9 },
  { atLeastNs: 1e9, unit: 's', ns: 1e9 },
  { atLeastNs: 1e6, unit: 'ms', ns: 1e6 },
  { atLeastNs: 1e3, unit: 'us', ns: 1e3 },
] as const;

/** Three digits and a unit: `950ns`, `12.3us`, `142ms`, `1.50s`; `-` for an absent value. */
export function formatDuration(ns: Count | undefined): string {
  if (ns === undefined) return '-';
  const value = Number(ns);
  const step = STEPS.find(({ atLeastNs }) => value >= atLeastNs * 0.9995);
  if (!step) return `${Math.round(value)}ns`;
  return `${threeDigits(value / step.ns)}${step.unit}`;
}

/** Exact, with commas between thousands: `1,234,567`. */
export function formatCount(count: Count | undefined): string {
  return count === undefined ? '-' : String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Calls per second: three digits, exact from 100 on. */
export function formatRate(perSecond: number): string {
  return perSecond >= 99.95 || perSecond === 0 ? formatCount(Math.round(perSecond)) : threeDigits(perSecond);
}

/** How long ago or ahead: `15s`, `4m45s`, `2h05m`. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const pad = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${pad(Math.floor((whole % 3600) / 60))}m`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
