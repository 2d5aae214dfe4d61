/**
 * What the x86-64 kernel's uprobes can do with an instruction, from its bytes: emulate it (one trap), step it out of
 * line (two), or not take it. The tables were measured opcode by opcode on 6.18 (attach, errno 524 or 8).
 */

export type ProbeCost = 'emulated' | 'stepped';

export type Probeability = { ok: true; cost: ProbeCost } | { ok: false; reason: string };

const LEGACY_PREFIXES = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);

/** Prefixes that the kernel refuses, with their names in messages. */
const REFUSED_PREFIXES = new Map([
  [0xf0, 'a LOCK prefix'],
  [0x26, 'an ES segment prefix'],
  [0x2e, 'a CS segment prefix'],
  [0x36, 'an SS segment prefix'],
  [0x3e, 'a DS segment prefix (notrack)'],
]);

/** One-byte opcodes that it refuses; an opcode behind a VEX or EVEX prefix is looked up in the same table. */
const REFUSED_OPCODES = new Set([
  0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0x62, 0x6c, 0x6d, 0x6e, 0x6f, 0x82, 0x9a, 0xcc, 0xcd,
  0xce, 0xcf, 0xd4, 0xd6, 0xe4, 0xe5, 0xe6, 0xe7, 0xea, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xfa, 0xfb,
]);

const OPERAND_SIZE = 0x66;
const REPEATS = [0xf2, 0xf3];
const FWAIT = 0x9b;
/** The reason why FWAIT is no site, nor what follows it. */
export const FWAIT_JOINS = 'some decoders take FWAIT and what follows it for one instruction';
const REX_B = 1;

/** How long VEX and EVEX prefixes are, by their first byte. */
const VEX_BYTES: Readonly<Record<number, number>> = { 197: 2, 196: 3, 98: 4 };

interface Parts {
  prefixes: number[];
  rex: number;
  /** Whether another prefix follows the REX, which then means nothing. */
  strayRex: boolean;
  vex: boolean;
  /** Behind 0F: 0x0f00 + the second byte. */
  opcode: number;
  /** The byte behind the opcode. */
  operands: number;
}

/** Classifies one instruction by its bytes. */
export function probeability(bytes: Uint8Array): Probeability {
  const parts = split(bytes);
  const refused = refusal(parts, bytes.length);
  return refused === '' ? { ok: true, cost: isEmulated(parts) ? 'emulated' : 'stepped' } : { ok: false, reason: refused };
}

function split(bytes: Uint8Array): Parts {
  let at = 0;
  while (LEGACY_PREFIXES.has(bytes[at] as number)) at++;
  const prefixes = [...bytes.subarray(0, at)];
  const first = bytes[at] as number;
  const vexBytes = VEX_BYTES[first] ?? 0;
  if (vexBytes > 0) return { prefixes, rex: 0, strayRex: false, vex: true, opcode: bytes[at + vexBytes] as number, operands: 0 };
  const rex = isRex(first) ? first : 0;
  if (rex !== 0) at++;
  const byte = bytes[at] as number;
  const strayRex = rex !== 0 && (isRex(byte) || LEGACY_PREFIXES.has(byte));
  const [opcode, behind] = byte === 0x0f ? [0x0f00 + (bytes[at + 1] as number), at + 2] : [byte, at + 1];
  return { prefixes, rex, strayRex, vex: false, opcode, operands: bytes[behind] ?? 0 };
}

const isRex = (byte: number): boolean => byte >= 0x40 && byte <= 0x4f;

/** Why the kernel, or we, do not probe it; empty when it can be probed. */
function refusal(parts: Parts, length: number): string {
  const prefix = parts.prefixes.find((byte) => REFUSED_PREFIXES.has(byte));
  if (prefix !== undefined) return `the kernel does not probe instructions with ${REFUSED_PREFIXES.get(prefix)}`;
  if (parts.strayRex) return 'the kernel takes the prefix behind a REX prefix for the instruction';
  if (!parts.vex && parts.opcode === FWAIT) return FWAIT_JOINS;
  if (REFUSED_OPCODES.has(parts.opcode)) {
    return `the kernel does not probe ${parts.vex ? 'the vector' : ''} opcode 0x${parts.opcode.toString(16)}`.replace('  ', ' ');
  }
  if (parts.opcode === 0x0f1f && length === 5) return 'the kernel rewrites a probed 5-byte nop and corrupts the red zone';
  if (parts.opcode === 0x90 && (parts.rex & REX_B) !== 0) return 'the kernel takes this exchange for a nop';
  if (isBranch(parts.opcode) && parts.prefixes.includes(OPERAND_SIZE)) return 'the kernel does not probe 16-bit branches';
  return parts.vex ? '' : tellsSteps(parts);
}

/** What the kernel would take and step, but not without the program's knowing, or not once. */
function tellsSteps({ opcode, operands, prefixes }: Parts): string {
  if (opcode === 0x9c) return 'PUSHF would show the program the trap flag that it is stepped with';
  if (opcode === 0x0f05 || opcode === 0x0f34)
    return 'a system call returns to where it was stepped, with the trap flag in a register';
  if (opcode === 0x8e && ((operands >> 3) & 7) === 2) return 'behind a load of SS the step would end one instruction too late';
  if (opcode === 0xc7 && operands === 0xf8) return 'a transaction that is stepped aborts to where it was stepped';
  const isString = (opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf);
  if (isString && prefixes.some((byte) => REPEATS.includes(byte))) return 'each turn of a repeated instruction would be a hit';
  return '';
}

function isEmulated({ vex, opcode, prefixes, rex }: Parts): boolean {
  if (vex) return false;
  if (opcode >= 0x50 && opcode <= 0x57) return prefixes.length === 0 && (rex === 0 || rex === 0x41);
  return opcode === 0x90 || isBranch(opcode);
}

/** jcc, jmp and call with a displacement. */
function isBranch(opcode: number): boolean {
  const isShortJcc = opcode >= 0x70 && opcode <= 0x7f;
  const isNearJcc = opcode >= 0x0f80 && opcode <= 0x0f8f;
  return isShortJcc || isNearJcc || opcode === 0xeb || opcode === 0xe9 || opcode === 0xe8;
}
