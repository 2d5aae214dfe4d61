/** Where control goes inside a function and out of it: jump targets, tables, exits, running off the end. */

import iced from 'iced-x86';
import { type Decoded, FLOW, flowOf, indexAt, lookAt } from './decode.js';

export interface Jumps {
  /** Offsets inside the function that a jump leads to. */
  targets: Set<number>;
  /** Indices of the instructions that return. */
  returns: readonly number[];
  /** Direct jumps that leave, by instruction index, with the linked address they lead to. */
  leaving: readonly JumpOut[];
  /** Conditional jumps that leave: where the call may end, but not each time. */
  leavingIf: readonly JumpOut[];
  /** Indices of indirect jumps. */
  indirect: readonly number[];
}

export interface JumpOut {
  index: number;
  target: number;
}

/** Sorts the direct jumps of one stretch of code. Offsets may be there several times. */
export function readJumps(code: Decoded): Omit<Jumps, 'targets'> & { targets: readonly number[] } {
  const targets: number[] = [];
  const returns: number[] = [];
  const leaving: JumpOut[] = [];
  const leavingIf: JumpOut[] = [];
  const indirect: number[] = [];
  for (let index = 0; index < code.count; index++) {
    const flow = flowOf(code, index);
    if (flow === FLOW.next || flow === FLOW.call) continue;
    if (flow === FLOW.return) returns.push(index);
    if (flow === FLOW.jumpIndirect) indirect.push(index);
    if (flow !== FLOW.jump && flow !== FLOW.jumpIf) continue;
    const target = code.targets[index] as number;
    if (target >= 0 && target < code.bytes.length) targets.push(target);
    else (flow === FLOW.jump ? leaving : leavingIf).push({ index, target: code.address + target });
  }
  return { targets, returns, leaving, leavingIf, indirect };
}

const LOCK = 0xf0;

/**
 * The first target that is not the start of a decoded instruction; null when there is none. C libraries jump past a
 * LOCK prefix while they have one thread: the same instruction, which is no site either way.
 */
export function targetInsideInstruction(code: Decoded, targets: Iterable<number>): number | null {
  for (const target of targets) {
    const isStart = indexAt(code, target) >= 0;
    const isBehindLock = code.bytes[target - 1] === LOCK && indexAt(code, target - 1) >= 0;
    if (!isStart && !isBehindLock) return target;
  }
  return null;
}

/** Instructions behind the last one that may be padding: up to the next page. */
const MAX_PADDING = 4096;

/** Whether control can run past the last byte into whatever follows. The padding behind the last instruction does not count. */
export function runsOffTheEnd(code: Decoded): boolean {
  let last = code.count - 1;
  while (last >= Math.max(0, code.count - MAX_PADDING) && isNop(code, last)) last--;
  return last < 0 || flowOf(code, last) === FLOW.next || flowOf(code, last) === FLOW.jumpIf;
}

const isNop = (code: Decoded, index: number): boolean =>
  flowOf(code, index) === FLOW.next && lookAt(code, index, ({ mnemonic }) => mnemonic === iced.Mnemonic.Nop);
