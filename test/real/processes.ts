/** Families of processes, and the figures of one member. */

import { readFileSync } from 'node:fs';
import type { FunctionRow, Snapshot } from '../story/lines.js';

/** Pids of a process's children; none when it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The rows that the snapshot keeps for one process (`by_pid`). */
export function rowsOfProcess(snapshot: Snapshot, pid: number): FunctionRow[] {
  const parts = (snapshot as Snapshot & { by_pid?: { pid: number; functions: FunctionRow[] }[] }).by_pid ?? [];
  return parts.filter((part) => part.pid === pid).flatMap(({ functions }) => functions);
}
