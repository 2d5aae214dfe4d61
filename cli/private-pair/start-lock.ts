/** R/start.lock: one command at a time starts the pair. The file holds its owner's pid; a dead owner's lock is taken over. */

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoralError } from '../../proto/errors.js';
import { isAlive } from './processes.js';

const RETRY_MS = 10;
const GIVE_UP_MS = 15_000;

/** Takes the lock, waiting for another holder at most 15 s; gives what lets go of it. */
export async function takeStartLock(lockPath: string): Promise<() => void> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (!tryAcquire(lockPath)) {
    removeIfDead(lockPath);
    if (performance.now() > giveUpAt) throw heldTooLong(lockPath);
    await sleep(RETRY_MS);
  }
  return () => rmSync(lockPath, { force: true });
}

/** The file appears with its content in one step: written aside, then linked. */
function tryAcquire(lockPath: string): boolean {
  const aside = `${lockPath}.${process.pid}`;
  writeFileSync(aside, `${process.pid}\n`);
  try {
    linkSync(aside, lockPath);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

function removeIfDead(lockPath: string): void {
  const owner = ownerOf(lockPath);
  if (owner === undefined || isAlive(owner)) return;
  const aside = `${lockPath}.dead.${process.pid}`;
  try {
    renameSync(lockPath, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function ownerOf(lockPath: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lockPath, 'utf8'), 10);
  } catch {
    return undefined;
  }
}

function heldTooLong(lockPath: string): CoralError {
  return new CoralError(
    'COLONY_UNREACHABLE',
    `another coral command (pid ${ownerOf(lockPath) ?? 'unknown'}) has been starting the private pair for ${GIVE_UP_MS / 1000} s`,
    `if that process is no coral command, remove ${lockPath}`,
  );
}
