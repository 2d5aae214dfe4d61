/**
 * Why a goroutine waits: runtime.waitReason, which gopark takes as its third argument, by Go version, as the kind that we
 * show. Read from src/runtime/runtime2.go of each release; the numbers change between minor versions, never within one.
 */

import type { WaitReason } from '../../snapshots/document.js';

/** Kinds in the order of the numbers. */
const KINDS: Record<string, string> = {
  '1.19':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond other other gc gc scheduler other',
  '1.20':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond mutex rwmutex rwmutex other gc gc gc scheduler other gc gc',
  '1.21':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond mutex rwmutex rwmutex other gc gc gc scheduler other gc gc',
  '1.22':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond mutex rwmutex rwmutex other gc gc gc scheduler other gc gc gc other other other other',
  '1.23':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond mutex rwmutex rwmutex other gc gc gc scheduler other gc gc gc other other other other gc',
  '1.24':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc semaphore sleep ' +
    'cond mutex rwmutex rwmutex waitgroup other gc gc gc scheduler other gc gc gc other other other other gc other ' +
    'other channel channel select',
  '1.25':
    'other gc network channel channel other gc gc other select select gc gc gc channel channel gc gc scheduler ' +
    'semaphore sleep cond mutex rwmutex rwmutex waitgroup other gc gc gc scheduler other gc gc gc other other other ' +
    'other gc other other channel channel select waitgroup gc',
  '1.26':
    'other gc network other gc gc other gc gc gc gc gc scheduler semaphore sleep channel channel select select ' +
    'channel channel cond mutex rwmutex rwmutex waitgroup other gc gc gc scheduler other gc gc gc other other other ' +
    'other gc other other channel channel select waitgroup gc',
};

const NEWEST = '1.26';

/** The kinds by number for a version such as "go1.26.8"; the newest known table for one that is newer or unknown. */
export function waitReasons(goVersion: string): readonly WaitReason[] {
  const minor = /^go(1\.\d+)/.exec(goVersion)?.[1] ?? NEWEST;
  return (KINDS[minor] ?? KINDS[NEWEST] ?? '').split(' ') as WaitReason[];
}

/** Numbers that the kernel's program uses beside those of Go (bpf/coral.h). */
const SYSCALL = 254;
export const NOT_WAITING = 255;

/** The kind of a reason as the kernel's columns have it; empty: no waiting. */
export function waitKind(goVersion: string, reason: number): WaitReason | '' {
  if (reason === NOT_WAITING) return '';
  return reason === SYSCALL ? 'syscall' : (waitReasons(goVersion)[reason] ?? 'other');
}
