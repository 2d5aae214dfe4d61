/** Where a Go program's goroutines begin and end to wait and recover from panics, as sites of the program `park`. */

import type { MappedImage } from '../ports.js';
import type { RuntimeSites, Station, StationPlanner } from './runtime-sites.js';

/** Every goroutine that waited goes on through runtime.execute, which has it in AX. */
const STATIONS: readonly Station[] = [
  { name: 'runtime.gopark', role: 'park', owner: 'g_r14' },
  { name: 'runtime.execute', role: 'resume', owner: 'g_ax' },
];
/**
 * System calls are left by runtime.exitsyscall, or by runtime.execute when the goroutine lost its processor meanwhile. All begin
 * with runtime.reentersyscall: what has called back from C goes on without runtime.entersyscall.
 */
const SYSCALL_STATIONS: readonly Station[] = [
  { name: 'runtime.reentersyscall', role: 'syscall', owner: 'g_r14' },
  { name: 'runtime.exitsyscall', role: 'resume', owner: 'g_r14' },
];
/** Calls that a recovered panic left are told at once. Where this cannot be probed they are found out later. */
const RECOVERY: Station = { name: 'runtime.recovery', role: 'recover', owner: 'g_ax' };

/** Plans the sites of a Go program; system calls are left out where theirs cannot be probed. */
export function planWaiting(mapped: MappedImage, station: StationPlanner): RuntimeSites | { missing: string } {
  const { functions } = mapped.image;
  const plan = (each: Station) => station(mapped, only(functions.find(each.name)), each);
  const parking = STATIONS.map(plan);
  const missing = parking.find((each) => typeof each === 'string');
  if (missing) return { missing };
  const syscalls = SYSCALL_STATIONS.map(plan);
  const recovery = mapped.image.go?.recoveredAt.length ? [plan(RECOVERY)] : [];
  const sites = [...parking, ...(syscalls.some((each) => typeof each === 'string') ? [] : syscalls), ...recovery];
  return { mapped, sites: sites.filter((each) => typeof each !== 'string') };
}

const only = (rows: readonly number[]): number | undefined => (rows.length === 1 ? rows[0] : undefined);
