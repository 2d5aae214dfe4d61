/**
 * Go's ABIInternal for amd64 (Go 1.17 and newer), as cmd/compile/abi-internal.md has it: a value goes to registers
 * whole or not at all; the rest goes to the stack above the return address, arguments first, then results.
 */

import type { FunctionTypes } from '../dwarf/types.js';
import type { Piece, Place, Placement } from './place.js';
import { REASON, REGISTER } from './plan.js';
import { alignmentOf, type ResolvedType, resolveType } from './type-table.js';

const INTEGER_REGISTERS = [
  REGISTER.ax,
  REGISTER.bx,
  REGISTER.cx,
  REGISTER.di,
  REGISTER.si,
  REGISTER.r8,
  REGISTER.r9,
  REGISTER.r10,
  REGISTER.r11,
] as const;
const FLOAT_REGISTERS = 15;

interface Registers {
  integers: number;
  floats: number;
}

/** What is taken so far; `known` no longer, once something of an unknown type lies somewhere in it. */
interface Taken {
  registers: Registers;
  stack: { bytes: number; known: boolean };
  known: boolean;
}

/** Whether a value goes to registers; null: not all of its type is known. */
type Fits = boolean | null;

/** Places the parameters of a Go function in their order; results start the registers again. */
export function placeGo(types: FunctionTypes): Placement {
  const stack = { bytes: 8, known: true }; // the return address is at SP
  const place = (results: boolean): Place[] => {
    const taken: Taken = { registers: { integers: 0, floats: 0 }, stack, known: true };
    return types.parameters.filter((p) => p.result === results).map((p) => placeOne(types, p.type, taken));
  };
  const args = place(false);
  stack.bytes = align(stack.bytes, 8);
  return { arguments: args, results: place(true) };
}

function placeOne(types: FunctionTypes, index: number, taken: Taken): Place {
  if (!taken.known) return { kind: 'unknown', reason: REASON.unknownPlace };
  const resolved = resolveType(types.types, index);
  const attempt = { ...taken.registers };
  const pieces: Piece[] = [];
  const fits = resolved && (resolved.type.size > 0 ? toRegisters(types, resolved, 0, attempt, pieces) : false);
  if (!resolved || fits === null) {
    taken.known = false;
    taken.stack.known = false;
    return { kind: 'unknown', reason: REASON.noType };
  }
  if (fits) {
    taken.registers = attempt;
    return { kind: 'pieces', pieces };
  }
  if (!taken.stack.known) return { kind: 'unknown', reason: REASON.unknownPlace };
  return { kind: 'pieces', pieces: [toStack(types, resolved, taken.stack)] };
}

function toStack(types: FunctionTypes, resolved: ResolvedType, stack: { bytes: number }): Piece {
  const at = align(stack.bytes, alignmentOf(types.types, resolved));
  stack.bytes = at + resolved.type.size;
  return { in: 'stack', at, offset: 0, size: resolved.type.size };
}

function toRegisters(types: FunctionTypes, resolved: ResolvedType, offset: number, used: Registers, pieces: Piece[]): Fits {
  const { type } = resolved;
  if (type.kind === 'struct') {
    for (const field of type.fields ?? []) {
      const inner = resolveType(types.types, field.type);
      const fits = inner && toRegisters(types, inner, offset + field.offset, used, pieces);
      if (fits !== true) return fits;
    }
    return true;
  }
  if (type.kind === 'array') {
    if (type.count !== 1) return type.count === 0;
    const element = resolveType(types.types, type.target ?? -1);
    return element && toRegisters(types, element, offset, used, pieces);
  }
  if (type.kind === 'complex') return [0, type.size / 2].every((half) => toFloat(offset + half, type.size / 2, used, pieces));
  if (type.kind === 'float') return toFloat(offset, type.size, used, pieces);
  const reg = INTEGER_REGISTERS[used.integers++];
  if (reg === undefined || type.size > 8) return false;
  pieces.push({ in: 'register', reg, offset, size: type.size });
  return true;
}

function toFloat(offset: number, size: number, used: Registers, pieces: Piece[]): boolean {
  if (used.floats++ >= FLOAT_REGISTERS) return false;
  pieces.push({ in: 'float', offset, size });
  return true;
}

const align = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;
