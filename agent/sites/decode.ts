/** The one owner of the decoder (iced-x86): a function's instructions as columns, and single ones in detail. */

import type { Instruction } from 'iced-x86';
import iced from 'iced-x86';
import { flowIn, lengthOf, rememberShape, type Shape, shapeAt } from './remembered-shapes.js';

/** How an instruction passes control on. */
export const FLOW = {
  next: 0,
  jump: 1,
  jumpIf: 2,
  jumpIndirect: 3,
  return: 4,
  call: 5,
  trap: 6,
} as const;

/** The instructions of one stretch of code, in order; offsets count from its first byte. */
export interface Decoded {
  address: number;
  bytes: Uint8Array;
  count: number;
  offsets: Uint32Array;
  lengths: Uint8Array;
  flows: Uint8Array;
  /** Where a jump or conditional jump leads, as an offset (negative or past the end: outside). */
  targets: Int32Array;
  /** Offset of the first byte that is no instruction; -1: every byte was decoded. */
  undecodableAt: number;
}

/** Above this a "function" is data or a damaged size (the largest that we met has one megabyte): it would take a second. */
export const MAX_FUNCTION_BYTES = 4 * 1024 * 1024;

const BITS = 64;
const { FlowControl } = iced;

const FLOW_OF: Record<number, number> = {
  [FlowControl.Next]: FLOW.next,
  [FlowControl.UnconditionalBranch]: FLOW.jump,
  [FlowControl.IndirectBranch]: FLOW.jumpIndirect,
  [FlowControl.ConditionalBranch]: FLOW.jumpIf,
  [FlowControl.Return]: FLOW.return,
  [FlowControl.Call]: FLOW.call,
  [FlowControl.IndirectCall]: FLOW.call,
  [FlowControl.Interrupt]: FLOW.trap,
  [FlowControl.XbeginXabortXend]: FLOW.jumpIf,
  [FlowControl.Exception]: FLOW.trap,
};

/** Decodes from the first byte to the last, or to the first byte that is no instruction. */
export function decodeCode(bytes: Uint8Array, address: number): Decoded {
  const asked = new AskedDecoder(bytes);
  const into = roomFor(bytes.length);
  try {
    const { count, end } = decodeInto(into, bytes, asked);
    return { address, bytes, count, ...cut(into, count), undecodableAt: end === bytes.length ? -1 : end };
  } finally {
    asked.free();
  }
}

/** Hands the instruction with this index to `look`, decoded in full, and frees it. */
export function lookAt<T>(code: Decoded, index: number, look: (instruction: Instruction) => T): T {
  const decoder = new iced.Decoder(BITS, instructionBytes(code, index), iced.DecoderOptions.None);
  decoder.ip = BigInt(code.address + offsetOf(code, index));
  const instruction = decoder.decode();
  try {
    return look(instruction);
  } finally {
    instruction.free();
    decoder.free();
  }
}

/** The instruction as text: "push rbp", "jbe 0x4010F2". */
export function textOf(code: Decoded, index: number): string {
  const formatter = new iced.FastFormatter();
  formatter.useHexPrefix = true;
  try {
    return lookAt(code, index, (instruction) => formatter.format(instruction));
  } finally {
    formatter.free();
  }
}

export const offsetOf = (code: Decoded, index: number): number => code.offsets[index] as number;
export const flowOf = (code: Decoded, index: number): number => code.flows[index] as number;

/** A fresh copy of one instruction's bytes. */
export function instructionBytes(code: Decoded, index: number): Uint8Array {
  const start = offsetOf(code, index);
  return Uint8Array.prototype.slice.call(code.bytes, start, start + (code.lengths[index] as number)); // a Buffer's own slice is no copy
}

/** Index of the instruction that starts at an offset; -1: none does. */
export function indexAt(code: Decoded, offset: number): number {
  let low = 0;
  let high = code.count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = offsetOf(code, middle);
    if (found === offset) return middle;
    if (found < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

type Columns = Pick<Decoded, 'offsets' | 'lengths' | 'flows' | 'targets'>;

/** Where instructions are written down before it is known how many there are: at most one a byte. Functions follow each other in it. */
interface Room extends Columns {
  used: number;
}

const ROOM_BYTES = 16 * 1024;

let room: Room = roomOf(ROOM_BYTES);

function roomFor(bytes: number): Room {
  if (bytes > ROOM_BYTES) return roomOf(bytes);
  if (room.used + bytes > ROOM_BYTES) room = roomOf(ROOM_BYTES);
  return room;
}

function roomOf(count: number): Room {
  return { ...columnsIn(new ArrayBuffer(count * 10), count), used: 0 };
}

/** Columns in one piece of memory: four small ones each cost the collector as much. */
function columnsIn(memory: ArrayBuffer, count: number): Columns {
  return {
    offsets: new Uint32Array(memory, 0, count),
    targets: new Int32Array(memory, count * 4, count),
    lengths: new Uint8Array(memory, count * 8, count),
    flows: new Uint8Array(memory, count * 9, count),
  };
}

/** Takes the next so many of each column; of a large room, which is used once, copies. */
function cut(from: Room, count: number): Columns {
  const { offsets, targets, lengths, flows, used } = from;
  const end = used + count;
  const views = {
    offsets: offsets.subarray(used, end),
    targets: targets.subarray(used, end),
    lengths: lengths.subarray(used, end),
    flows: flows.subarray(used, end),
  };
  from.used = end;
  if (from === room) return views;
  const copies = columnsIn(new ArrayBuffer(count * 10), count);
  copies.offsets.set(views.offsets);
  copies.targets.set(views.targets);
  copies.lengths.set(views.lengths);
  copies.flows.set(views.flows);
  return copies;
}

/** How many instructions there are, and where the last that is one ends. */
function decodeInto({ offsets, lengths, flows, targets, used }: Room, bytes: Uint8Array, asked: AskedDecoder) {
  let at = used;
  let offset = 0;
  for (; offset < bytes.length; at++) {
    let shape = shapeAt(bytes, offset);
    if (shape === 0 || offset + lengthOf(shape) > bytes.length) shape = asked.shapeAt(offset);
    if (shape === 0) break;
    const length = lengthOf(shape);
    const flow = flowIn(shape);
    offsets[at] = offset;
    lengths[at] = length;
    flows[at] = flow;
    if (flow === FLOW.jump || flow === FLOW.jumpIf) targets[at] = asked.branchTarget(offset, length);
    offset += length;
  }
  return { count: at - used, end: offset };
}

/** The decoder over one stretch of code, made when it is first needed. */
class AskedDecoder {
  #made: { decoder: InstanceType<typeof iced.Decoder>; instruction: Instruction } | undefined;

  constructor(private readonly bytes: Uint8Array) {}

  /** 0: no instruction begins here. */
  shapeAt(offset: number): Shape {
    const { flowControl, length, code } = this.#decode(offset);
    if (code === iced.Code.INVALID) return 0;
    return rememberShape(this.bytes, offset, length, FLOW_OF[flowControl] ?? FLOW.next);
  }

  /** Where the branch at an offset leads. */
  branchTarget(offset: number, length: number): number {
    const opcode = this.bytes[offset] as number;
    const end = offset + length;
    if (length === 2 && isShortBranch(opcode)) return end + (((this.bytes[end - 1] as number) << 24) >> 24);
    if (length === 5 && opcode === NEAR_JUMP) return end + int32At(this.bytes, end - 4);
    if (length === 6 && opcode === ESCAPE) return end + int32At(this.bytes, end - 4);
    // The lower half is the whole: jumps reach 2 GB, and the code is decoded as if it lay at 0.
    return this.#decode(offset).nearBranch32 | 0;
  }

  free(): void {
    this.#made?.instruction.free();
    this.#made?.decoder.free();
  }

  #decode(offset: number): Instruction {
    this.#made ??= { decoder: new iced.Decoder(BITS, this.bytes, iced.DecoderOptions.None), instruction: new iced.Instruction() };
    const { decoder, instruction } = this.#made;
    decoder.position = offset;
    decoder.ip = BigInt(offset);
    decoder.decodeOut(instruction);
    return instruction;
  }
}

const NEAR_JUMP = 0xe9;
const ESCAPE = 0x0f;

/** Conditional jumps, loops and the short jump. */
const isShortBranch = (opcode: number): boolean => opcode >> 4 === 7 || opcode >> 2 === 0xe0 >> 2 || opcode === 0xeb;

const int32At = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);
