/** What the compiler says of where a parameter is, against what the calling convention says. */

import type { DwarfParameter, FunctionTypes } from '../dwarf/types.js';
import type { Place, Placement } from './place.js';
import { REASON, REGISTER } from './plan.js';
import { type ResolvedType, resolveType } from './type-table.js';

/** DWARF's numbers of the registers that are captured, and the first of those that probes cannot see. */
const REGISTERS: Readonly<Record<number, number>> = {
  0: REGISTER.ax,
  1: REGISTER.dx,
  2: REGISTER.cx,
  3: REGISTER.bx,
  4: REGISTER.si,
  5: REGISTER.di,
  8: REGISTER.r8,
  9: REGISTER.r9,
  10: REGISTER.r10,
  11: REGISTER.r11,
};
const FIRST_FLOAT_REGISTER = 17;

const unknown = (reason: string): Place => ({ kind: 'unknown', reason });

/** A placement by the calling convention, corrected by the compiler's word on each parameter. */
export function heedCompiler({ arguments: places, results }: Placement, types: FunctionTypes): Placement {
  const { parameters } = types;
  const byWordOnly = whyByWordOnly(places, types);
  return {
    arguments: parameters.map((parameter, i) => {
      return placeByWord(places[i]!, parameter, resolveType(types.types, parameter.type), byWordOnly);
    }),
    results: byWordOnly === null ? results : results.map(() => unknown(byWordOnly)),
  };
}

/**
 * Places of Go's parameters that hold. Until Go 1.20 the debug information leaves out blank parameters, which take registers
 * all the same: where the compiler has one parameter in another register, the convention tells only of those that it confirms.
 */
export function confirmGo(places: readonly Place[], parameters: readonly DwarfParameter[]): Place[] {
  const verdicts = places.map((place, i) => {
    const word = parameters[i]?.place;
    return word?.in === 'register' && place.kind !== 'unknown' ? agrees(place, word.number) : null;
  });
  if (!verdicts.includes(false)) return [...places];
  return places.map((place, i) => (verdicts[i] ? place : unknown(REASON.leftOut)));
}

/** Whether the compiler has left the convention, though it does not say so: it has a parameter in another register, or none at all. */
function leavesConvention(places: readonly Place[], parameters: readonly DwarfParameter[]): boolean {
  return parameters.some(({ place }, i) => {
    if (place?.in === 'caller') return isInRegister(places[i]!);
    const isTold = place?.in === 'register' && (place.whole || place.byReference === true);
    return isTold && !agrees(places[i]!, place.number);
  });
}

const isInRegister = (place: Place): boolean =>
  place.kind === 'pieces' && (place.pieces[0]?.in === 'register' || place.pieces[0]?.in === 'float');

function agrees(byConvention: Place, number: number): boolean {
  if (byConvention.kind === 'unknown') return true;
  const [first] = byConvention.pieces;
  if (first?.in === 'float') return number >= FIRST_FLOAT_REGISTER;
  return first?.in === 'register' && first.reg === REGISTERS[number];
}

/** Why the convention does not hold; null: it does. */
function whyByWordOnly(places: readonly Place[], types: FunctionTypes): string | null {
  if (types.ownConvention === true) return REASON.ownConvention;
  return types.changed === true || leavesConvention(places, types.parameters) ? REASON.changed : null;
}

/** The convention's place, unless the compiler says that the parameter is nowhere, or only its word holds. */
function placeByWord(
  byConvention: Place,
  { place }: DwarfParameter,
  resolved: ResolvedType | null,
  byWordOnly: string | null,
): Place {
  if (place?.in === 'nowhere') return holdsNothing(byConvention) ? byConvention : unknown(REASON.optimised);
  if (byWordOnly === null) return byConvention;
  if (place?.in !== 'register') return unknown(byWordOnly);
  if (byConvention.kind !== 'unknown' && byConvention.pieces.length === 1 && agrees(byConvention, place.number))
    return byConvention;
  if (place.number >= FIRST_FLOAT_REGISTER) return unknown(REASON.float);
  const register = REGISTERS[place.number];
  const size = resolved?.type.size ?? 0;
  if (register === undefined || !place.whole || size === 0 || size > 8) return unknown(byWordOnly);
  return { kind: 'pieces', pieces: [{ in: 'register', reg: register, offset: 0, size }] };
}

/** An empty class is passed nowhere. */
const holdsNothing = (place: Place): boolean => place.kind === 'pieces' && place.pieces.length === 0;
