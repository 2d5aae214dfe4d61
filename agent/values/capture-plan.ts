/** Turns a function's types and the ABI's placement into what the kernel copies at the entry and the return. */

import { type FunctionTypes, withoutRepeats } from '../dwarf/types.js';
import { CAPTURE_READ_MAX } from '../kernel/limits.js';
import { type CaptureBuffer, createCaptureBuffer, type Span } from './capture-buffer.js';
import { confirmGo } from './entry-place.js';
import { placeGo } from './go-abi.js';
import { DICTIONARY, withDictionary } from './go-dictionary.js';
import type { Piece, Placement, ResultPlace } from './place.js';
import { type CapturePlan, type PlannedValue, REASON, type Recipe, unreadable } from './plan.js';
import { recipeFor } from './recipes.js';
import { placeRust } from './rust-abi.js';
import { placeSysv } from './sysv-abi.js';
import { resolveType } from './type-table.js';

export interface FunctionCapture {
  entry: CapturePlan;
  return: CapturePlan;
}

/** Plans the capture of a function's arguments and results. */
export function planCapture(types: FunctionTypes, language: 'go' | 'rust' | 'c'): FunctionCapture {
  if (language === 'go') return planGo(withDictionary(withoutRepeats(types)));
  return planCompiled(types, language === 'rust' ? placeRust(types) : placeSysv(types));
}

/** A generic function's dictionary takes its register, and is nobody's argument. */
function planGo(types: FunctionTypes): FunctionCapture {
  const placement = placeGo(types);
  const parameters = types.parameters.filter((parameter) => !parameter.result);
  const isShown = (_: unknown, i: number): boolean => parameters[i]?.name !== DICTIONARY;
  return {
    entry: planMoment(types, parameters.filter(isShown), confirmGo(placement.arguments, parameters).filter(isShown)),
    return: planMoment(
      types,
      types.parameters.filter((parameter) => parameter.result),
      placement.results,
    ),
  };
}

/** Of other languages the debug information has no results, but what the function returns. */
function planCompiled(types: FunctionTypes, placement: Placement): FunctionCapture {
  const parameters = types.parameters.filter((parameter) => !parameter.result);
  const returned = types.returns < 0 ? [] : [{ name: '', type: types.returns }];
  const given = placement.results.flatMap((place) => (place.kind === 'given' ? [place.reg] : []));
  return {
    entry: planMoment(types, parameters, placement.arguments, given),
    return: planMoment(types, returned, placement.results),
  };
}

/** Where the entry keeps the address that it was given for the result: in front of all else. */
const GIVEN_AT = 0;

/** First every value's own bytes, then what they point to, so that a large first argument does not hide the others. */
function planMoment(
  types: FunctionTypes,
  named: { name: string; type: number }[],
  places: readonly ResultPlace[],
  given: readonly number[] = [],
): CapturePlan {
  const buffer = createCaptureBuffer();
  for (const reg of given) buffer.add({ kind: 'register', reg, length: 8 });
  const copied = named.map(({ type }, i) => copyValue(types, type, places[i], buffer));
  const values = named.map(
    ({ name, type }, i): PlannedValue => ({
      name: sourceName(name),
      type: resolveType(types.types, type)?.name ?? '',
      recipe: copied[i]?.() ?? unreadable(REASON.noType),
    }),
  );
  return { ops: buffer.ops, values };
}

/** Go's compiler numbers results and parameters that have no name in the source. */
const sourceName = (name: string): string => (/^~r\d+$/.test(name) ? '' : /^~p\d+$/.test(name) ? '_' : name);

/** Copies a value's own bytes; what comes back reads them and adds what they point to. */
function copyValue(types: FunctionTypes, type: number, place: ResultPlace | undefined, buffer: CaptureBuffer): RecipeMaker {
  const resolved = resolveType(types.types, type);
  if (!resolved || !place) return () => unreadable(REASON.noType);
  if (place.kind === 'unknown') return () => unreadable(place.reason);
  const pieces = place.kind === 'given' ? [] : place.pieces;
  const floats = pieces.filter((piece) => piece.in === 'float');
  if (floats.length > 0 && floats.length === pieces.length) return () => unreadable(REASON.float);
  const image = copyImage(place, resolved.type.size, buffer);
  if (image === null) return () => unreadable(REASON.tooMuch);
  const inFloat = (offset: number): boolean => floats.some((f) => offset >= f.offset && offset < f.offset + f.size);
  return () => recipeFor({ types: types.types, buffer, inFloat }, resolved, image);
}

type RecipeMaker = () => Recipe;

/** Copies a value to the buffer so that it lies there as it would in memory. */
function copyImage(place: Exclude<ResultPlace, { kind: 'unknown' }>, size: number, buffer: CaptureBuffer): Span | null {
  if (place.kind === 'given') {
    const address = buffer.add({ kind: 'kept', base: GIVEN_AT, length: 8 });
    return address && buffer.addSpan({ kind: 'memory', base: address.at, offset: 0 }, size);
  }
  if (place.kind === 'pointer') {
    const pointer = copyPieces(place.pieces, 8, buffer);
    return pointer && buffer.addSpan({ kind: 'memory', base: pointer.at, offset: 0 }, size);
  }
  const [only] = place.pieces;
  if (only?.in === 'stack' && only.size === size) return buffer.addSpan({ kind: 'stack', offset: only.at }, size);
  return copyPieces(place.pieces, size, buffer);
}

function copyPieces(pieces: Piece[], size: number, buffer: CaptureBuffer): Span | null {
  const bytes = Math.min(size, CAPTURE_READ_MAX);
  const at = buffer.reserve(bytes);
  if (at === null) return null;
  const ops: number[] = [];
  for (const piece of pieces) {
    if (piece.in === 'float') continue;
    const op =
      piece.in === 'register'
        ? buffer.put({ kind: 'register', reg: piece.reg, length: piece.size }, at + piece.offset)
        : buffer.put({ kind: 'stack', offset: piece.at, length: Math.min(piece.size, CAPTURE_READ_MAX) }, at + piece.offset);
    if (op === null) return null;
    ops.push(op);
  }
  return { at, bytes, ops };
}
