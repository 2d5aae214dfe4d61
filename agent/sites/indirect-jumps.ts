/** Whether an indirect jump stays in its function (a jump table) or leaves it (a tail call through a pointer). */

import iced from 'iced-x86';
import type { Image } from '../symbols/image.js';
import { type Body, type Piece, pieceAt } from './body.js';
import { lookAt, offsetOf } from './decode.js';
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
  const table = tableAddress(piece, index);
  if (table !== null && leadsInside(image, body, table)) return 'inside';
  const depth = depthBefore(image, row, code, index);
  if (depth !== null && depth !== 0) return 'inside';
  if (isMarkedAsTable(piece, index) || readsTable(piece, index)) return 'inside';
  if (goOf(image, row)?.isAssembly(row) === true) return 'unknown';
  return depth === 0 || throughFixedPlace(piece, index) ? 'leaves' : 'unknown';
}

const NOTRACK = 0x3e;

/** Compilers with control-flow protection mark the jumps of their tables, and no others. */
function isMarkedAsTable(piece: Piece, index: number): boolean {
  return piece.code.bytes[offsetOf(piece.code, index)] === NOTRACK;
}

/** "jmp rax" where RAX was read from a place with an index shortly before: an entry of a table, or its distance. */
function readsTable(piece: Piece, index: number): boolean {
  const jump = lookAt(piece.code, index, ({ op0Kind, op0Register, memoryIndex }) => ({ op0Kind, op0Register, memoryIndex }));
  if (jump.op0Kind === OpKind.Memory) return jump.memoryIndex !== Register.None;
  for (let back = index - 1; back >= Math.max(0, index - MAX_LOOK_BACK); back--) {
    const found = lookAt(
      piece.code,
      back,
      (load) => load.op0Kind === OpKind.Register && load.op0Register === jump.op0Register && load.memoryIndex !== Register.None,
    );
    if (found) return true;
  }
  return false;
}

/** Where the pointers of "jmp [table + index * 8]" lie; null for other forms. */
function tableAddress(piece: Piece, index: number): number | null {
  const form = lookAt(piece.code, index, (jump) => ({
    isTable: jump.code === Code.Jmp_rm64 && jump.op0Kind === OpKind.Memory && jump.memoryIndexScale === POINTER_BYTES,
    base: jump.memoryBase,
    displacement: Number(BigInt.asIntN(64, jump.memoryDisplacement)),
  }));
  if (!form.isTable) return null;
  if (form.base === Register.None) return form.displacement;
  const base = loadedAddress(piece, index, form.base);
  return base === null ? null : base + form.displacement;
}

/** The address that a LEA shortly before put into a register. */
function loadedAddress(piece: Piece, index: number, register: number): number | null {
  for (let back = index - 1; back >= Math.max(0, index - MAX_LOOK_BACK); back--) {
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
function leadsInside(image: Image, body: Body, table: number): boolean {
  const known = body.tables.get(table);
  if (known !== undefined) return known;
  const inside = body.tables.size < MAX_TABLES && followTable(image, body, table);
  body.tables.set(table, inside);
  return inside;
}

/** Adds the table's entries to the targets, up to the first that is outside; false when already the first one is. */
function followTable(image: Image, body: Body, table: number): boolean {
  for (let entry = 0; entry < MAX_TABLE_ENTRIES; entry++) {
    const target = image.pointer(table + entry * POINTER_BYTES);
    const owner = target === null ? undefined : pieceAt(body.pieces, target);
    if (target === null || owner === undefined) return entry > 0;
    owner.jumps.targets.add(target - owner.code.address);
  }
  return true;
}

/** "jmp [rip + x]": through one pointer of the program, as calls into libraries go. */
function throughFixedPlace(piece: Piece, index: number): boolean {
  return lookAt(piece.code, index, (jump) => jump.op0Kind === OpKind.Memory && jump.isIpRelMemoryOperand);
}
