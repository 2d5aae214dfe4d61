/** The entry site: the cheapest instruction that runs exactly once a call with the arguments still in place. */

import type { RefusalCode } from '../../proto/refusals.js';
import type { Body } from './body.js';
import { type Decoded, FLOW, flowOf, offsetOf } from './decode.js';
import { FWAIT_JOINS, type ProbeCost } from './kernel-opcodes.js';
import { probeabilityAt } from './probeability-at.js';
import { keepsArguments } from './registers.js';
import { findStackCheck, type StackCheck } from './stack-check.js';

export interface EntrySite {
  index: number;
  cost: ProbeCost;
  jbe: boolean;
  /** In words, made when asked for: lists of programs do not show them. */
  proof: () => string[];
}

export interface EntryRefusal {
  code: RefusalCode;
  reason: string;
}

/** How far behind the first instruction a cheaper one is looked for. */
const MAX_WALK = 12;
const PUSH_RBP = 0x55;

/** The entry of a Go function: behind its stack check if it has one. */
export function findGoEntry(body: Body): EntrySite | EntryRefusal {
  const { code, jumps } = body.pieces[0]!;
  const check = findStackCheck(code);
  return check === null ? findPlainEntry(body, 'go') : findCheckedEntry(code, jumps.targets, check);
}

function findCheckedEntry(code: Decoded, targets: Set<number>, check: StackCheck): EntrySite | EntryRefusal {
  const push = check.jbe + 1;
  const isPush = code.bytes[offsetOf(code, push)] === PUSH_RBP && push < code.count;
  const index = isPush ? push : check.jbe;
  if (targets.has(offsetOf(code, index))) return jumpedAt(code, offsetOf(code, index));
  return { index, cost: 'emulated', jbe: !isPush, proof: () => checkedProof(code, check, isPush) };
}

function checkedProof(code: Decoded, check: StackCheck, isPush: boolean): string[] {
  const where = `the stack check (g in ${check.g === 'r14' ? 'R14' : 'thread-local storage'}) ends with the JBE at +${offsetOf(code, check.jbe)}`;
  const proof = isPush
    ? [where, 'this PUSH RBP follows it and runs once a call, after the check has passed']
    : [where, 'no PUSH follows: the JBE itself, where hits that will take the branch are not calls'];
  return [...proof, 'no branch of the function leads to this instruction'];
}

/** The entry of a function without a stack check. */
export function findPlainEntry(body: Body, convention: 'go' | 'system-v'): EntrySite | EntryRefusal {
  const { code, jumps } = body.pieces[0]!;
  if (jumps.targets.has(0)) return jumpedAt(code, 0);
  const line = straightLine(code, jumps.targets, convention);
  const choice = line.find(({ cost }) => cost === 'emulated') ?? line.find(({ cost }) => cost === 'stepped');
  if (choice !== undefined)
    return { index: choice.index, cost: choice.cost as ProbeCost, jbe: false, proof: () => proofOf(choice.index) };
  return { code: 'UNPROBEABLE_INSTRUCTION', reason: line[0]?.refused ?? 'the function is empty' };
}

interface Candidate {
  index: number;
  cost: ProbeCost | null;
  refused: string;
}

/** The instructions that every call runs exactly once, up to the first that could change what the entry must see. */
function straightLine(code: Decoded, targets: Set<number>, convention: 'go' | 'system-v'): Candidate[] {
  const line: Candidate[] = [];
  for (let index = 0; index < Math.min(code.count, MAX_WALK); index++) {
    if (index > 0 && targets.has(offsetOf(code, index))) break;
    const probe = probeabilityAt(code, index);
    line.push({ index, cost: probe.ok ? probe.cost : null, refused: probe.ok ? '' : probe.reason });
    if (probe.ok && probe.cost === 'emulated') break;
    if (!probe.ok && probe.reason === FWAIT_JOINS) break;
    if (flowOf(code, index) !== FLOW.next || !keepsArguments[convention](code, index)) break;
  }
  return line;
}

function proofOf(index: number): string[] {
  const reached =
    index === 0
      ? "the function's first instruction"
      : `${index} instruction${index === 1 ? '' : 's'} behind the first, without a branch; stack pointer and argument registers are untouched`;
  return [reached, 'no branch of the function leads here or in front of it'];
}

const jumpedAt = (code: Decoded, offset: number): EntryRefusal => ({
  code: 'ENTRY_IS_JUMP_TARGET',
  reason: `a branch of the function leads to its entry at 0x${(code.address + offset).toString(16)}: turns of a loop would count as calls`,
});
