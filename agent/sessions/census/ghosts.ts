/**
 * Frames that nobody will close: calls left by panic, Goexit or the end of a thread, in a stack that makes no probed
 * call any more. The kernel's depth rule cannot see them; what runtime.g says of the goroutine can. Pure.
 */

/** What runtime.g holds of a goroutine. */
export interface GoroutineState {
  goid: bigint;
  status: number;
  /** SP and PC where the goroutine was parked; stale while it runs. */
  schedSp: bigint;
  schedPc: bigint;
  stackHi: bigint;
}

/** Of runtime2.go; the same in every Go version that has them. */
const G_RUNNABLE = 1;
const G_SYSCALL = 3;
const G_WAITING = 4;
const G_DEAD = 6;
const G_PREEMPTED = 9;
/** Go 1.26: it waits for what will never come. */
const G_LEAKED = 10;
/** Go 1.26: a thread of C that called back into Go has left it. */
const G_DEAD_EXTRA = 11;
/** Set beside the status while the collector scans the stack. */
const G_SCAN = 0x1000;

const DEAD: readonly number[] = [G_DEAD, G_DEAD_EXTRA];
const PARKED: readonly number[] = [G_RUNNABLE, G_SYSCALL, G_WAITING, G_PREEMPTED, G_LEAKED];

/** Whether a frame at `depth` (stack.hi - SP of its return address) of goroutine `goid` cannot be open any more. */
export function isGhost(goid: bigint, depth: bigint, state: GoroutineState): boolean {
  if (goid !== 0n && state.goid !== goid) return true;
  const status = state.status & ~G_SCAN;
  if (DEAD.includes(status)) return true;
  return isParked(state) && isBelow(depth, state) && status !== G_SYSCALL;
}

/** Of a system call the place is kept where it is prepared: the functions that make it run deeper in the stack, unseen. */
export const isMakingSystemCall = (depth: bigint, state: GoroutineState): boolean =>
  (state.status & ~G_SCAN) === G_SYSCALL && isBelow(depth, state);

const isBelow = (depth: bigint, { stackHi, schedSp }: GoroutineState): boolean => stackHi - depth < schedSp;

export const isParked = ({ status }: GoroutineState): boolean => PARKED.includes(status & ~G_SCAN);
