/** Children that a process has forked and that still run its program: probes that they inherited trap in them too. */

import { readdirSync, readFileSync } from 'node:fs';
import { executablePath, readFacts } from './process-facts.js';

/** Threads whose children are looked for; a process of more threads forks from its main one, or is found by the next scan. */
const MAX_THREADS = 64;

/** Pids, of children that have not begun another program; empty when the process is gone. */
export function forksOf(pid: number): number[] {
  const parent = readFacts(pid);
  if (parent === null) return [];
  const path = executablePath(pid);
  return childrenOf(pid).filter((child) => readFacts(child)?.layout === parent.layout && executablePath(child) === path);
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const asked = threads.length > MAX_THREADS ? [String(pid)] : threads;
    return asked.flatMap((thread) => numbersIn(readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw cause;
  }
}

const numbersIn = (text: string): number[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
