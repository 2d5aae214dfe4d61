/** Where runtime.g keeps what tells goroutines apart, by Go version (read once from each version's DWARF, amd64). */

import type { PclntabLayout } from './pclntab.js';

export interface GLayout {
  goidOffset: number;
  statusOffset: number;
  schedSpOffset: number;
}

const UNKNOWN: GLayout = { goidOffset: 0, statusOffset: 0, schedSpOffset: 0 };

const WITH_SYSCALL_BP: GLayout = { goidOffset: 160, statusOffset: 152, schedSpOffset: 56 };
const WITHOUT: GLayout = { goidOffset: 152, statusOffset: 144, schedSpOffset: 56 };

/** By minor version of Go 1; each was checked against that release's own DWARF. */
const LAYOUTS: Readonly<Record<number, GLayout>> = {
  18: WITHOUT,
  19: WITHOUT,
  20: WITHOUT,
  21: WITHOUT,
  22: WITHOUT,
  23: WITH_SYSCALL_BP,
  24: WITH_SYSCALL_BP,
  25: WITHOUT,
  26: WITHOUT,
};

/** Offsets for a version ("go1.26.8"); zeros when it is not one we know. */
export function gLayoutOf(version: string): GLayout {
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
  return LAYOUTS[minor] ?? UNKNOWN;
}

/** The version as far as the tables tell it, for programs without build info; empty when several fit. */
export function versionOfTables(layout: PclntabLayout, textStart: number): string {
  return layout === '1.20' && textStart === 0 ? 'go1.26' : '';
}
