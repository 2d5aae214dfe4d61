/** Where runtime.g keeps what tells goroutines apart, by Go version (read once from each version's DWARF, amd64). */

import type { PclntabLayout } from './pclntab.js';

export interface GLayout {
  goidOffset: number;
  statusOffset: number;
  schedSpOffset: number;
  /** Of gopc, the address behind the `go` statement. */
  starterOffset: number;
  /**
   * Where runtime.recovery finds the SP that a recovered panic goes on with: an offset in runtime.g, or that of its
   * runtime._panic and the offset in there. Empty: unknown.
   */
  recoveredAt: readonly number[];
}

const UNKNOWN: GLayout = { goidOffset: 0, statusOffset: 0, schedSpOffset: 0, starterOffset: 0, recoveredAt: [] };

const WITH_SYSCALL_BP = { goidOffset: 160, statusOffset: 152, schedSpOffset: 56 };
const WITHOUT = { goidOffset: 152, statusOffset: 144, schedSpOffset: 56 };

/** By minor version of Go 1; each was checked against that release's own DWARF. */
const LAYOUTS: Readonly<Record<number, GLayout>> = {
  18: { ...WITHOUT, starterOffset: 0, recoveredAt: [] },
  19: { ...WITHOUT, starterOffset: 296, recoveredAt: [272] },
  20: { ...WITHOUT, starterOffset: 296, recoveredAt: [272] },
  21: { ...WITHOUT, starterOffset: 280, recoveredAt: [248] },
  22: { ...WITHOUT, starterOffset: 280, recoveredAt: [32, 48] },
  23: { ...WITH_SYSCALL_BP, starterOffset: 288, recoveredAt: [32, 48] },
  24: { ...WITH_SYSCALL_BP, starterOffset: 288, recoveredAt: [32, 48] },
  25: { ...WITHOUT, starterOffset: 280, recoveredAt: [32, 48] },
  26: { ...WITHOUT, starterOffset: 288, recoveredAt: [32, 40] },
};

/** Offsets for a version ("go1.26.8"); zeros when it is not one we know. */
export function gLayoutOf(version: string): GLayout {
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
  return LAYOUTS[minor] ?? UNKNOWN;
}

/** Packages of the runtime by the release that brought them, the newest first. */
const BROUGHT: readonly [name: string, version: string][] = [
  ['internal/runtime/gc/scan', 'go1.26'],
  ['internal/runtime/cgroup', 'go1.25'],
  ['internal/runtime/maps', 'go1.24'],
  ['internal/runtime/atomic', 'go1.23'],
];

/**
 * What the functions tell of a program without build info. The version is empty where several fit: 1.18 to 1.22, whose
 * goroutines are laid out alike but for what started them and how their panics are recovered.
 */
export function toldByFunctions(layout: PclntabLayout, names: readonly string[]): GLayout & { version: string } {
  if (layout === '1.16') return { version: '', ...UNKNOWN };
  const found = BROUGHT.find(([name]) => names.some((each) => each.startsWith(`${name}.`)));
  const version = found?.[1] ?? '';
  return version === ''
    ? { version, ...gLayoutOf('go1.20'), starterOffset: 0, recoveredAt: [] }
    : { version, ...gLayoutOf(version) };
}
