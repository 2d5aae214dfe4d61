/** Whether an indirect jump stays in its function (a jump table) or leaves it (a tail call through a pointer). */

import iced from 'iced-x86';
import type { Image } from '../symbols/image.js';
import { type Body, type Piece, pieceAt, type TableLead } from './body.js';
import { type Decoded, FLOW, flowOf, lookAt, offsetOf } from './decode.js';
import { goOf } from './owner.js';
import { depthBefore } from './stack-depth.js';

const { Code, OpKind, Register } = iced;
const POINTER_BYTES = 8;
/** The longest table that is followed. */
const MAX_TABLE_ENTRIES = 4096;
/** Tables of one function that are followed. */
const MAX_TABLES = 512;
/** How far in front of the jump the table's address is looked for. */
const MAX_LOOK_BACK = 8;

export type IndirectJump = 'inside' | 'leaves' | 'unknown';

/** Classifies one; targets of a table are added to their pieces. */
export function classifyIndirectJump(image: Image, row: number, body: Body, piece: Piece, index: number): IndirectJump {
  const { code } = piece;
  const table = tableOf(piece, index);
  const leads = table?.address == null ? 'unknown' : whereTableLeads(image, body, table.address);
  if (leads === 'inside') return 'inside';
  const depth = depthBefore(image, row, code, index);
  if (depth !== null && depth !== 0) return 'inside';
  if (isMarkedAsTable(piece, index) || table?.of === 'distances') return 'inside';
  if (goOf(image, row)?.isAssembly(row) === true) return 'unknown';
  // A table of pointers is one of labels or one of functions: only what is in it tells.
  if (table !== null) return leads === 'outside' ? 'leaves' : 'unknown';
  return depth === 0 || throughFixedPlace(piece, index) ? 'leaves' : 'unknown';
}

const NOTRACK = 0x3e;

/** Compilers with control-flow protection mark the jumps of their tables, and no others. */
function isMarkedAsTable(piece: Piece, index: number): boolean {
  return piece.code.bytes[offsetOf(piece.code, index)] === NOTRACK;
}

/** What a jump reads its target from with an index: addresses of code, or (which only labels have) distances to it. */
interface Table {
  of: 'pointers' | 'distances';
  /** Null: not known. */
  address: number | null;
}

/** The table of "jmp [table + index * 8]", and of "jmp rax" where RAX was read from one shortly before; null for other forms. */
function tableOf(piece: Piece, index: number): Table | null {
  const jump = operandOf(piece, index);
  if (jump.isMemory) return jump.hasIndex ? { of: 'pointers', address: addressIn(piece, index, jump) } : null;
  for (const back of leadingTo(piece.code, index)) {
    const load = operandOf(piece, back);
    if (load.register !== jump.register) continue;
    if (load.displacement === VIRTUAL_MEMBER) return null;
    if (load.hasIndex && !load.isPointer) return { of: 'distances', address: null };
    if (load.hasIndex) return { of: 'pointers', address: addressIn(piece, back, load) };
    if (load.isPointer) return null;
  }
  return null;
}

/** C++ pointers to virtual members hold the place in the table of virtual functions, and one more. */
const VIRTUAL_MEMBER = -1;

/** The instructions shortly before one, the nearest first, as far as control can have come from there. */
function* leadingTo(code: Decoded, index: number): Iterable<number> {
  for (let back = index - 1; back >= Math.max(0, index - MAX_LOOK_BACK); back--) {
    if (ENDS.has(flowOf(code, back))) return;
    yield back;
  }
}

const ENDS = new Set<number>([FLOW.return, FLOW.jump, FLOW.jumpIndirect]);

/** Of an instruction that reads memory. */
interface Operand {
  register: number;
  isMemory: boolean;
  hasIndex: boolean;
  /** It takes eight bytes, as many as it finds. */
  isPointer: boolean;
  base: number;
  displacement: number;
}

function operandOf(piece: Piece, index: number): Operand {
  return lookAt(piece.code, index, (instruction) => ({
    register: instruction.op0Kind === OpKind.Register ? instruction.op0Register : Register.None,
    isMemory: instruction.op0Kind === OpKind.Memory,
    hasIndex: instruction.memoryIndex !== Register.None,
    isPointer: instruction.code === Code.Mov_r64_rm64 || instruction.code === Code.Jmp_rm64,
    base: instruction.memoryBase,
    displacement: Number(BigInt.asIntN(64, instruction.memoryDisplacement)),
  }));
}

/** Null: its base is not known. */
function addressIn(piece: Piece, index: number, { base, displacement }: Operand): number | null {
  if (base === Register.None) return displacement;
  const loaded = loadedAddress(piece, index, base);
  return loaded === null ? null : loaded + displacement;
}

/** The address that a LEA shortly before put into a register. */
function loadedAddress(piece: Piece, index: number, register: number): number | null {
  for (const back of leadingTo(piece.code, index)) {
    const found = lookAt(piece.code, back, (lea) =>
      lea.code === Code.Lea_r64_m && lea.op0Register === register && lea.isIpRelMemoryOperand
        ? Number(lea.ipRelMemoryAddress)
        : null,
    );
    if (found !== null) return found;
  }
  return null;
}

/** Each table is followed once, however many jumps go through it. */
function whereTableLeads(image: Image, body: Body, table: number): TableLead {
  body.tables ??= new Map();
  const known = body.tables.get(table);
  if (known !== undefined) return known;
  const leads = body.tables.size < MAX_TABLES ? followTable(image, body, table) : 'unknown';
  body.tables.set(table, leads);
  return leads;
}

/** Adds the table's entries to the targets, up to the first that is outside: it and those behind it are another table's. */
function followTable(image: Image, body: Body, table: number): TableLead {
  for (let entry = 0; entry < MAX_TABLE_ENTRIES; entry++) {
    const target = image.pointer(table + entry * POINTER_BYTES);
    const owner = target === null ? undefined : pieceAt(body.pieces, target);
    if (target !== null && owner !== undefined) owner.jumps.targets.add(target - owner.code.address);
    else if (entry > 0) return 'inside';
    else return target !== null && beginsFunction(image, target) ? 'outside' : 'unknown';
  }
  return 'inside';
}

/** By symbol, or where there is none by its call frame information, which parts of functions have too: those that are known are none. */
function beginsFunction(image: Image, address: number): boolean {
  if (image.functions.partAt(address) !== null) return false;
  return image.functions.rowAt(address) >= 0 || image.codeRangeAt(address)?.address === address;
}

/** "jmp [rip + x]": through one pointer of the program, as calls into libraries go. */
function throughFixedPlace(piece: Piece, index: number): boolean {
  return lookAt(piece.code, index, (jump) => jump.op0Kind === OpKind.Memory && jump.isIpRelMemoryOperand);
}
