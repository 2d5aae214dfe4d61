/** A file's debug information, through libdw. The addon is loaded when it is first asked for. */

import { CoralError } from '../../proto/errors.js';
import { type FunctionPlaces, type NativeDwarfFile, nativeDwarf } from './native-module.js';
import type { FunctionTypes } from './types.js';

/** One file's debug information. */
export interface DwarfFile {
  /** Types of the function that starts at this linked address; null when DWARF does not know it. */
  describe(address: number): FunctionTypes | null;
  /** Whether what is known of the code there lies in another file (.dwo, .dwp), which is not read. */
  isSplitAt(address: number): boolean;
  /** Where the source of each function begins. */
  functionPlaces(): FunctionPlaces;
  /** How often each function was copied into others, by its name as in the symbol table. Reads all of the DWARF. */
  inlinedCopies(): Map<string, number>;
  close(): void;
}

/** Opens a file's DWARF; UNSUPPORTED when it has none that libdw reads. */
export function openDwarf(path: string): DwarfFile {
  const native = openNative(path);
  return {
    describe(address) {
      const json = native.describe(address);
      return json === null ? null : (JSON.parse(json) as FunctionTypes);
    },
    isSplitAt: (address) => native.isSplitAt(address),
    functionPlaces: () => native.functionPlaces(),
    inlinedCopies: () => pairs(native.inlinedCopies()),
    close: () => native.close(),
  };
}

function openNative(path: string): NativeDwarfFile {
  const { DwarfFile } = nativeDwarf();
  try {
    return new DwarfFile(path);
  } catch (cause) {
    const hint = 'arguments and results need DWARF: build without -ldflags=-w or strip, or install the debug file';
    throw new CoralError('UNSUPPORTED', (cause as Error).message, hint, { path }, { cause });
  }
}

function pairs(alternating: readonly (string | number)[]): Map<string, number> {
  const map = new Map<string, number>();
  for (let i = 0; i < alternating.length; i += 2) map.set(alternating[i] as string, alternating[i + 1] as number);
  return map;
}
