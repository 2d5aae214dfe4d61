/** The System V ABI for x86-64 (C, C++): scalars and aggregates of up to two words in registers, larger ones on the stack. */

import type { DwarfParameter, FunctionTypes } from '../dwarf/types.js';
import { heedCompiler } from './entry-place.js';
import type { Piece, Place, Placement } from './place.js';
import { REASON, REGISTER } from './plan.js';
import { alignmentOf, type ResolvedType, resolveType, type Scalar, scalarsOf } from './type-table.js';

const ARGUMENT_REGISTERS = [REGISTER.di, REGISTER.si, REGISTER.dx, REGISTER.cx, REGISTER.r8, REGISTER.r9] as const;
const RESULT_REGISTERS = [REGISTER.ax, REGISTER.dx] as const;
const FLOAT_REGISTERS = 8;
const TWO_WORDS = 16;

interface Used {
  integers: number;
  floats: number;
  stack: number;
  /** An argument was met whose size is not known: nobody knows where the next ones are. */
  lost: boolean;
}

/** Places the parameters and the return value of a C or C++ function. */
export function placeSysv(types: FunctionTypes): Placement {
  const returned = resolveType(types.types, types.returns);
  const hidden = returned !== null && inMemory(types, returned) && !onX87Stack(types, returned);
  const used: Used = { integers: hidden ? 1 : 0, floats: 0, stack: 8, lost: returned !== null && isUnknown(returned) };
  const args = types.parameters.map((parameter) => placeArgument(types, parameter, used));
  return heedCompiler({ arguments: args, results: returned ? [placeResult(types, returned, hidden)] : [] }, types);
}

const isUnknown = ({ type }: ResolvedType): boolean => type.incomplete === true || (type.kind === 'unknown' && type.size === 0);

function placeArgument(types: FunctionTypes, { type, place }: DwarfParameter, used: Used): Place {
  const resolved = resolveType(types.types, type);
  if (used.lost) return { kind: 'unknown', reason: REASON.unknownPlace };
  if (place !== undefined && 'byReference' in place) return placeReferred(resolved, used);
  if (!resolved || isUnknown(resolved)) {
    used.lost = true;
    return { kind: 'unknown', reason: REASON.noType };
  }
  if (resolved.type.kind === 'array') return placeVector(used);
  if (resolved.type.byReference) {
    return { kind: 'pointer', pieces: [word(used)], size: resolved.type.size };
  }
  const words = inMemory(types, resolved) ? null : eightbytes(types, resolved);
  if (words === null || !fits(words, used)) return { kind: 'pieces', pieces: [stackPiece(types, resolved, used)] };
  return { kind: 'pieces', pieces: words.map((part) => registerPiece(part, used)) };
}

/** By the compiler's word its address is passed, as in Fortran, whose debug information has the types of what lies there. */
function placeReferred(resolved: ResolvedType | null, used: Used): Place {
  const pieces = [word(used)];
  if (!resolved || isUnknown(resolved)) return { kind: 'unknown', reason: REASON.noType };
  return { kind: 'pointer', pieces, size: resolved.type.size };
}

/** Of all arrays C passes vectors by value: each in one register. */
function placeVector(used: Used): Place {
  used.floats++;
  return { kind: 'unknown', reason: REASON.float };
}

/** An eightbyte of a value: SSE when all its scalars are floats. */
interface Eightbyte {
  offset: number;
  size: number;
  float: boolean;
}

function eightbytes(types: FunctionTypes, resolved: ResolvedType): Eightbyte[] | null {
  const scalars = scalarsOf(types.types, resolved);
  if (scalars === null) return resolved.type.size <= TWO_WORDS ? wordsOf(resolved.type.size, () => false) : null;
  if (scalars.length === 0) return []; // C++ counts an empty class as a byte, which nobody passes
  return wordsOf(resolved.type.size, (start) => {
    const inside = scalars.filter((scalar: Scalar) => scalar.offset >= start && scalar.offset < start + 8);
    return inside.length > 0 && inside.every((scalar) => scalar.float);
  });
}

function wordsOf(size: number, isFloat: (start: number) => boolean): Eightbyte[] {
  return Array.from({ length: Math.ceil(size / 8) }, (_, i) => ({
    offset: i * 8,
    size: Math.min(8, size - i * 8),
    float: isFloat(i * 8),
  }));
}

/** Long doubles, and what is packed so that its parts lie across words, are never passed in registers. */
function inMemory(types: FunctionTypes, resolved: ResolvedType): boolean {
  if (resolved.type.byReference === true || resolved.type.size > TWO_WORDS) return true;
  const scalars = scalarsOf(types.types, resolved) ?? [];
  return scalars.some(({ offset, size, float }) => (float && size > 8) || offset % Math.min(size, 8) !== 0);
}

/** Where a long double is returned, and a complex one. */
function onX87Stack(types: FunctionTypes, resolved: ResolvedType): boolean {
  if (resolved.type.byReference === true) return false;
  const scalars = scalarsOf(types.types, resolved) ?? [];
  const isComplex = resolved.type.kind === 'complex';
  return scalars.length === (isComplex ? 2 : 1) && scalars.every(({ float, size }) => float && size > 8);
}

function fits(words: Eightbyte[], used: Used): boolean {
  const floats = words.filter((part) => part.float).length;
  return used.integers + words.length - floats <= ARGUMENT_REGISTERS.length && used.floats + floats <= FLOAT_REGISTERS;
}

function registerPiece(part: Eightbyte, used: Used): Piece {
  if (part.float) {
    used.floats++;
    return { in: 'float', offset: part.offset, size: part.size };
  }
  return { in: 'register', reg: ARGUMENT_REGISTERS[used.integers++] ?? 0, offset: part.offset, size: part.size };
}

function stackPiece(types: FunctionTypes, resolved: ResolvedType, used: Used): Piece {
  const alignment = Math.max(8, alignmentOf(types.types, resolved));
  const at = Math.ceil((used.stack - 8) / alignment) * alignment + 8;
  used.stack = at + Math.ceil(resolved.type.size / 8) * 8;
  return { in: 'stack', at, offset: 0, size: resolved.type.size };
}

function word(used: Used): Piece {
  if (used.integers < ARGUMENT_REGISTERS.length) {
    return { in: 'register', reg: ARGUMENT_REGISTERS[used.integers++] ?? 0, offset: 0, size: 8 };
  }
  const at = used.stack;
  used.stack += 8;
  return { in: 'stack', at, offset: 0, size: 8 };
}

function placeResult(types: FunctionTypes, returned: ResolvedType, hidden: boolean): Place {
  if (isUnknown(returned)) return { kind: 'unknown', reason: REASON.noType };
  if (returned.type.kind === 'float' || onX87Stack(types, returned)) return { kind: 'unknown', reason: REASON.float };
  if (hidden) {
    return { kind: 'pointer', pieces: [{ in: 'register', reg: REGISTER.ax, offset: 0, size: 8 }], size: returned.type.size };
  }
  let integers = 0;
  const pieces = (eightbytes(types, returned) ?? []).map(
    (part): Piece =>
      part.float
        ? { in: 'float', offset: part.offset, size: part.size }
        : { in: 'register', reg: RESULT_REGISTERS[integers++] ?? 0, offset: part.offset, size: part.size },
  );
  return { kind: 'pieces', pieces };
}
