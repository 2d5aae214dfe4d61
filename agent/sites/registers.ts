/** Which registers an instruction changes: what must survive from the call to the entry site. */

import iced from 'iced-x86';
import { type Decoded, lookAt } from './decode.js';
import { rememberedByBytes } from './remembered-bytes.js';

const { OpAccess, Register } = iced;

/** Arguments and the return address: stack pointer and the registers of the calling convention. */
const GO_ABI = new Set([
  Register.RSP,
  Register.R14,
  Register.RAX,
  Register.RBX,
  Register.RCX,
  Register.RDX,
  Register.RDI,
  Register.RSI,
  Register.R8,
  Register.R9,
  Register.R10,
  Register.R11,
]);
const SYSTEM_V = new Set([Register.RSP, Register.RDI, Register.RSI, Register.RDX, Register.RCX, Register.R8, Register.R9]);

const WRITES = new Set([OpAccess.Write, OpAccess.CondWrite, OpAccess.ReadWrite, OpAccess.ReadCondWrite]);

/** Whether the instruction leaves stack pointer and argument registers as the caller set them. */
export const keepsArguments: Record<'go' | 'system-v', (code: Decoded, index: number) => boolean> = {
  go: rememberedByBytes((code, index) => keeps(code, index, GO_ABI)),
  'system-v': rememberedByBytes((code, index) => keeps(code, index, SYSTEM_V)),
};

function keeps(code: Decoded, index: number, guarded: ReadonlySet<number>): boolean {
  return lookAt(code, index, (instruction) => !writtenRegisters(instruction).some((register) => guarded.has(register)));
}

function writtenRegisters(instruction: InstanceType<typeof iced.Instruction>): number[] {
  const factory = new iced.InstructionInfoFactory();
  const info = factory.info(instruction);
  const used = info.usedRegisters();
  const written = used.filter(({ access }) => WRITES.has(access)).map(({ register }) => iced.RegisterExt.fullRegister(register));
  for (const each of [...used, info, factory]) each.free();
  return written;
}
