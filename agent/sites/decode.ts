/** The one owner of the decoder (iced-x86): a function's instructions as columns, and single ones in detail. */

import type { Instruction } from 'iced-x86';
import iced from 'iced-x86';

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
  const decoder = new iced.Decoder(BITS, bytes, iced.DecoderOptions.None);
  const instruction = new iced.Instruction();
  try {
    return decodeInto(roomFor(bytes.length), decoder, instruction, bytes, address);
  } finally {
    instruction.free();
    decoder.free();
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

/** Where instructions are written down before it is known how many there are: at most one a byte. Used again and again. */
let room: Columns = columnsOf(4096);

/** Functions are smaller but for a handful; what those need is not kept. */
const MAX_KEPT_ROOM = 256 * 1024;

function roomFor(bytes: number): Columns {
  if (bytes > MAX_KEPT_ROOM) return columnsOf(bytes);
  if (room.lengths.length < bytes) room = columnsOf(bytes * 2);
  return room;
}

function columnsOf(count: number): Columns {
  return {
    offsets: new Uint32Array(count),
    lengths: new Uint8Array(count),
    flows: new Uint8Array(count),
    targets: new Int32Array(count),
  };
}

function decodeInto(
  { offsets, lengths, flows, targets }: Columns,
  decoder: InstanceType<typeof iced.Decoder>,
  instruction: Instruction,
  bytes: Uint8Array,
  address: number,
): Decoded {
  let count = 0;
  let undecodableAt = -1;
  for (let offset = 0; offset < bytes.length; count++) {
    decoder.decodeOut(instruction);
    const control = instruction.flowControl;
    // What is no instruction counts as an exception; asking for the code of all others would take a fifth of the time.
    if (control === FlowControl.Exception && instruction.code === iced.Code.INVALID) {
      undecodableAt = offset;
      break;
    }
    const flow = FLOW_OF[control] ?? FLOW.next;
    offsets[count] = offset;
    lengths[count] = instruction.length;
    flows[count] = flow;
    // The lower half is the whole: jumps reach 2 GB, and the code is decoded as if it lay at 0.
    if (flow === FLOW.jump || flow === FLOW.jumpIf) targets[count] = instruction.nearBranch32 | 0;
    offset += lengths[count] as number;
  }
  return { address, bytes, count, ...cutTo(count, { offsets, lengths, flows, targets }), undecodableAt };
}

/** The first so many of each column, in one piece of memory: four small ones each cost the collector as much. */
function cutTo(count: number, { offsets, lengths, flows, targets }: Columns): Columns {
  const memory = new ArrayBuffer(count * 10);
  const cut = {
    offsets: new Uint32Array(memory, 0, count),
    targets: new Int32Array(memory, count * 4, count),
    lengths: new Uint8Array(memory, count * 8, count),
    flows: new Uint8Array(memory, count * 9, count),
  };
  for (let at = 0; at < count; at++) {
    cut.offsets[at] = offsets[at] as number;
    cut.targets[at] = targets[at] as number;
    cut.lengths[at] = lengths[at] as number;
    cut.flows[at] = flows[at] as number;
  }
  return cut;
}
