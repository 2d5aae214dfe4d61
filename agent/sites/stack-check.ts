/** Go's stack check at a function's start: recognised by what it computes, in any of the compiler's shapes. */

import type { Instruction } from 'iced-x86';
import iced from 'iced-x86';
import { type Decoded, lookAt } from './decode.js';

const { Code, OpKind, Register } = iced;

/** stackguard0 and stackguard1 of runtime.g. */
const STACK_GUARDS = [0x10n, 0x18n];
/** No shape of the check is longer. */
const MAX_INSTRUCTIONS = 8;

export interface StackCheck {
  /** Index of the JBE to the code that grows the stack. */
  jbe: number;
  /** Where g was taken from. */
  g: 'r14' | 'thread';
}

type Step = 'on' | 'compared' | 'none';

/** Finds the check; null when the function starts with something else (leaf and nosplit functions). */
export function findStackCheck(code: Decoded): StackCheck | null {
  return hasUsualCheck(code) ? { jbe: 1, g: 'r14' } : findAnyCheck(code);
}

/** "cmp rsp, [r14+16]; jbe": what nearly every function begins with, told without the decoder. */
function hasUsualCheck({ bytes }: Decoded): boolean {
  const isCompare = bytes[0] === 0x49 && bytes[1] === 0x3b && bytes[2] === 0x66 && bytes[3] === 0x10;
  return isCompare && (bytes[4] === 0x76 || (bytes[4] === 0x0f && bytes[5] === 0x86));
}

function findAnyCheck(code: Decoded): StackCheck | null {
  const g = new Map<number, StackCheck['g']>([[Register.R14, 'r14']]);
  for (let index = 0; index < Math.min(code.count - 1, MAX_INSTRUCTIONS); index++) {
    const step = lookAt(code, index, (instruction) => stepOf(instruction, g));
    if (step === 'none') return null;
    if (step === 'on') continue;
    const source = lookAt(code, index, (instruction) => g.get(instruction.memoryBase));
    return source !== undefined && isJbe(code, index + 1) ? { jbe: index + 1, g: source } : null;
  }
  return null;
}

/** What one instruction of the check does; registers that receive g are noted. */
function stepOf(instruction: Instruction, g: Map<number, StackCheck['g']>): Step {
  switch (instruction.code) {
    case Code.Cmp_r64_rm64:
      return STACK_GUARDS.includes(instruction.memoryDisplacement) && g.has(instruction.memoryBase) ? 'compared' : 'none';
    case Code.Mov_r64_rm64:
      if (!readsG(instruction, g)) return instruction.isIpRelMemoryOperand ? 'on' : copiesStackPointer(instruction);
      g.set(instruction.op0Register, 'thread');
      return 'on';
    case Code.Mov_rm64_imm32: // where g lies in thread-local storage, in position-independent code
      return instruction.op0Kind === OpKind.Register ? 'on' : 'none';
    case Code.Mov_rm64_r64:
      return copiesStackPointer(instruction);
    case Code.Lea_r64_m:
      return instruction.memoryBase === Register.RSP && instruction.op0Register !== Register.RSP ? 'on' : 'none';
    case Code.Sub_rm64_imm8:
    case Code.Sub_rm64_imm32:
      return instruction.op0Register === Register.R12 || instruction.op0Register === Register.R13 ? 'on' : 'none';
    case Code.Jb_rel8_64:
    case Code.Jb_rel32_64:
      return 'on';
    default:
      return 'none';
  }
}

const copiesStackPointer = ({ op0Kind, op1Register }: Instruction): Step =>
  op0Kind === OpKind.Register && op1Register === Register.RSP ? 'on' : 'none';

/** A load from thread-local storage, or through a register that was loaded from there. */
function readsG(instruction: Instruction, g: Map<number, StackCheck['g']>): boolean {
  return instruction.segmentPrefix === Register.FS || g.get(instruction.memoryBase) === 'thread';
}

function isJbe(code: Decoded, index: number): boolean {
  return lookAt(code, index, ({ code: found }) => found === Code.Jbe_rel8_64 || found === Code.Jbe_rel32_64);
}
