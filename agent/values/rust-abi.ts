/**
 * Rust's own calling convention on x86-64, as rustc has it: a value of one scalar, or of two, in a register each; other
 * values of up to a word as one integer; larger ones behind a pointer. It is promised nowhere: what the compiler says of
 * each parameter is heeded.
 */

import type { FunctionTypes } from '../dwarf/types.js';
import { heedCompiler } from './entry-place.js';
import type { Piece, Place, Placement, ResultPlace } from './place.js';
import { REASON, REGISTER } from './plan.js';
import { type ResolvedType, resolveType, type Scalar } from './type-table.js';

const ARGUMENT_REGISTERS = [REGISTER.di, REGISTER.si, REGISTER.dx, REGISTER.cx, REGISTER.r8, REGISTER.r9] as const;
const RESULT_REGISTERS = [REGISTER.ax, REGISTER.dx] as const;
const FLOAT_REGISTERS = 8;
const WORD = 8;

/** Places the parameters and the return value of a Rust function. */
export function placeRust(types: FunctionTypes): Placement {
  const returned = resolveType(types.types, types.returns);
  const result = returned && placeResult(types, returned);
  const registers = new Registers(ARGUMENT_REGISTERS, result?.kind === 'given' ? 1 : 0);
  const args = types.parameters.map(({ type }) => placeArgument(types, resolveType(types.types, type), registers));
  return heedCompiler({ arguments: args, results: result ? [result] : [] }, types);
}

/** Registers are used up in order; what finds none lies on the stack, a word each. */
class Registers {
  #floats = 0;
  #stack = WORD;
  /** A value was met whose form is not known: nobody knows where the next ones are. */
  lost = false;

  constructor(
    private readonly integers: readonly number[],
    private used: number,
  ) {}

  take({ offset, size, float }: Scalar): Piece[] {
    if (float) return [this.#floats++ < FLOAT_REGISTERS ? { in: 'float', offset, size } : this.#onStack(offset, size)];
    const words = Array.from({ length: Math.ceil(size / WORD) }, (_, i) => ({
      offset: offset + i * WORD,
      size: Math.min(WORD, size - i * WORD),
    }));
    const fits = this.used + words.length <= this.integers.length;
    if (!fits && words.length > 1) this.#stack = Math.ceil((this.#stack - WORD) / size) * size + WORD; // it is not divided, but aligned
    return words.map((word) =>
      fits ? { in: 'register', reg: this.integers[this.used++]!, ...word } : this.#onStack(word.offset, word.size),
    );
  }

  #onStack(offset: number, size: number): Piece {
    const at = this.#stack;
    this.#stack += WORD;
    return { in: 'stack', at, offset, size };
  }
}

function placeArgument(types: FunctionTypes, resolved: ResolvedType | null, registers: Registers): Place {
  if (registers.lost) return { kind: 'unknown', reason: REASON.unknownPlace };
  if (!resolved || (resolved.type.kind === 'unknown' && resolved.type.size === 0)) {
    registers.lost = true;
    return { kind: 'unknown', reason: REASON.noType };
  }
  const scalars = formOf(types, resolved);
  const address: Scalar = { offset: 0, size: WORD, float: false };
  if (scalars === null) return { kind: 'pointer', pieces: registers.take(address), size: resolved.type.size };
  return { kind: 'pieces', pieces: scalars.flatMap((scalar) => registers.take(scalar)) };
}

/** What its registers do not hold is returned where the caller says. Whether the address comes back is the compiler's choice. */
function placeResult(types: FunctionTypes, returned: ResolvedType): ResultPlace {
  const registers = new Registers(RESULT_REGISTERS, 0);
  const pieces = formOf(types, returned)?.flatMap((scalar) => registers.take(scalar));
  if (pieces?.every((piece) => piece.in !== 'stack')) return { kind: 'pieces', pieces };
  return { kind: 'given', reg: ARGUMENT_REGISTERS[0], size: returned.type.size };
}

/** What is passed in registers: one or two scalars, or one integer of the value's size; none of an empty value. Null: its address. */
function formOf(types: FunctionTypes, resolved: ResolvedType): Scalar[] | null {
  const { size } = resolved.type;
  if (size === 0) return [];
  const scalars = scalarsOf(types, resolved, 0);
  if (scalars !== null && scalars.length <= 2) return scalars;
  return size <= WORD ? [{ offset: 0, size, float: false }] : null;
}

/** The scalars that a value consists of, in the order of their places; null: it is no such value for the compiler. */
function scalarsOf(types: FunctionTypes, resolved: ResolvedType | null, offset: number): Scalar[] | null {
  if (!resolved) return null;
  const { type } = resolved;
  if (type.size === 0) return [];
  if (type.variants) return scalarsOfVariants(types, resolved, offset);
  if (type.kind === 'struct') return joined((type.fields ?? []).map((field) => scalarsOfField(types, field, offset)));
  if (['array', 'union', 'unknown', 'complex'].includes(type.kind)) return null;
  return [{ offset, size: type.size, float: type.kind === 'float' }];
}

const scalarsOfField = (types: FunctionTypes, field: { type: number; offset: number }, offset: number): Scalar[] | null =>
  scalarsOf(types, resolveType(types.types, field.type), offset + field.offset);

function joined(parts: readonly (Scalar[] | null)[]): Scalar[] | null {
  if (parts.some((part) => part === null)) return null;
  return parts.flatMap((part) => part ?? []).sort((a, b) => a.offset - b.offset);
}

/** A tag and at most one scalar, the same for all variants; or (niche) what the one variant with data is. */
function scalarsOfVariants(types: FunctionTypes, { type }: ResolvedType, offset: number): Scalar[] | null {
  const described = type.variants ?? [];
  const variants = described.map((variant) => scalarsOf(types, resolveType(types.types, variant.type), offset));
  if (!type.tag || variants.some((variant) => variant === null)) return null;
  const tagAt = offset + type.tag.offset;
  const withData = variants.flatMap((variant) => (variant && variant.length > 0 ? [variant] : []));
  if (described.some(({ value }) => value === undefined)) return withData.length === 1 ? (withData[0] ?? null) : null;
  const [first] = withData;
  const isOne = withData.every(
    (variant) => variant.length === 1 && variant[0]!.offset === first![0]!.offset && isLike(variant[0]!, first![0]!),
  );
  return isOne ? [{ offset: tagAt, size: type.tag.size, float: false }, ...(first ?? [])] : null;
}

const isLike = (a: Scalar, b: Scalar): boolean => a.size === b.size && a.float === b.float;
