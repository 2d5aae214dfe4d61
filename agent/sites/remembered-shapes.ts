/**
 * Length and flow of instructions that look like one which the decoder was asked about before: nearly all. They are told by
 * a prefix, a REX prefix, the opcode and the byte behind it (its operands, if it has any). What follows does not matter,
 * but for the forms that are told apart here and left to the decoder.
 */

/** What the decoder said: 0 where it must be asked, else the length, and the flow above it. */
export type Shape = number;

export const lengthOf = (shape: Shape): number => shape & 15;
export const flowIn = (shape: Shape): number => shape >> 4;

/** The shape of the instruction at an offset. It may reach past the last byte. */
export function shapeAt(bytes: Uint8Array, at: number): Shape {
  const key = keyAt(bytes, at);
  const table = key < 0 ? undefined : tables[key >> 16];
  return table === undefined ? 0 : (table[key & 0xffff] as number);
}

/** Keeps what the decoder said of the instruction at an offset. */
export function rememberShape(bytes: Uint8Array, at: number, length: number, flow: number): Shape {
  const shape = length | (flow << 4);
  const key = keyAt(bytes, at);
  if (key < 0) return shape;
  tables[key >> 16] ??= new Uint8Array(0x10000);
  (tables[key >> 16] as Uint8Array)[key & 0xffff] = shape;
  return shape;
}

/** One for each prefix, REX prefix and opcode map that was met, by opcode and the byte behind it: sixty of them are all code that we know. */
const tables: (Uint8Array | undefined)[] = [];

const PREFIXES = [0x66, 0xf2, 0xf3, 0x64];
const REX_PREFIXES = 17;
const ESCAPE = 0x0f;

/** VEX, EVEX and XOP, and prefixes that come second. */
const NOT_OPCODES = [0x26, 0x2e, 0x36, 0x3e, 0x62, 0x64, 0x65, 0x66, 0x67, 0x8f, 0xc4, 0xc5, 0xf0, 0xf2, 0xf3];
/** Behind the escape: longer opcodes, and 3DNow!, whose opcode is the last byte. */
const LONGER_OPCODES = [0x0f, 0x38, 0x3a];

const isOpcode = Uint8Array.from({ length: 256 }, (_, byte) => Number(!NOT_OPCODES.includes(byte) && byte >> 4 !== 4));
const isEscapedOpcode = Uint8Array.from({ length: 256 }, (_, byte) => Number(!LONGER_OPCODES.includes(byte)));
/** 1 and up; 0: none. */
const prefixNumber = Uint8Array.from({ length: 256 }, (_, byte) => PREFIXES.indexOf(byte) + 1);

/** Table and place in it; -1: more than that decides. */
function keyAt(bytes: Uint8Array, start: number): number {
  let at = start;
  let byte = bytes[at] as number;
  let table = prefixNumber[byte] as number;
  if (table > 0) byte = byteAt(bytes, ++at);
  table *= REX_PREFIXES;
  if (byte >> 4 === 4) {
    table += 1 + (byte & 15);
    byte = byteAt(bytes, ++at);
  }
  table *= 2;
  if (byte === ESCAPE) {
    table += 1;
    byte = byteAt(bytes, ++at);
    if (isEscapedOpcode[byte] === 0) return -1;
  } else if (isOpcode[byte] === 0) return -1;
  const operands = byteAt(bytes, at + 1);
  if (hasNoBase(operands, byteAt(bytes, at + 2))) return -1;
  return (table << 16) | (byte << 8) | operands;
}

/** Bytes that are missing are told by the length: a shape that needs them reaches past the end. */
const byteAt = (bytes: Uint8Array, at: number): number => (at < bytes.length ? (bytes[at] as number) : 0);

/** An operand [index * n + displacement] is four bytes longer than its first byte says. */
const hasNoBase = (operands: number, scale: number): boolean => (operands & 0xc7) === 4 && (scale & 7) === 5;
