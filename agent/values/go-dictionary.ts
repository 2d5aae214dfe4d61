/**
 * The hidden parameter of a generic Go function: a body that serves several type arguments ("go.shape.…" in its name)
 * gets a dictionary of them. Optimised builds do not describe it, so its register is taken from the ABI. Pure.
 */

import type { DwarfParameter, DwarfType, FunctionTypes } from '../dwarf/types.js';

export const DICTIONARY = '.dict';

const POINTER: DwarfType = { kind: 'uint', name: 'uintptr', size: 8, goKind: 0 };

/** Adds the dictionary where the debug information leaves it out. */
export function withDictionary(types: FunctionTypes): FunctionTypes {
  const place = placeOfDictionary(types.name);
  if (place === null || types.parameters.some(({ name }) => name === DICTIONARY)) return types;
  const dictionary: DwarfParameter = { name: DICTIONARY, type: types.types.length, result: false, artificial: true };
  const parameters = [...types.parameters.slice(0, place), dictionary, ...types.parameters.slice(place)];
  return { ...types, parameters, types: [...types.types, POINTER] };
}

/** Which parameter it is: the first of a function, the second of a method, behind the receiver; null: it has none. */
function placeOfDictionary(name: string): 0 | 1 | null {
  if (!name.includes('[go.shape.')) return null;
  const behind = name.slice(name.lastIndexOf(']') + 1);
  if (behind === '') return 0;
  if (!isMethod(behind)) return null;
  return isBeforeGo120(name) ? 0 : 1;
}

/** Closures and wrappers of a generic function bear its name too; they find the dictionary in their context. */
const isMethod = (behind: string): boolean => /^\)?\.[^.-]+$/.test(behind) && !/^\)?\.(?:func|gowrap|deferwrap)\d+$/.test(behind);

/** Until Go 1.19 shapes were numbered ("go.shape.int_0"), and the dictionary came first everywhere. */
const isBeforeGo120 = (name: string): boolean => /\[go\.shape\..*_\d+(?:,|\])/.test(name);
