/** The one owner of the DWARF addon (libdw). Loaded when arguments or results are first asked for. */

import { createRequire } from 'node:module';
import { CoralError } from '../../proto/errors.js';
import type { FunctionTypes } from './types.js';

interface NativeDwarfFile {
  describe(address: number): string | null;
  close(): void;
}

interface NativeModule {
  DwarfFile: new (path: string) => NativeDwarfFile;
}

/** One file's debug information. */
export interface DwarfFile {
  /** Types of the function that starts at this linked address; null when DWARF does not know it. */
  describe(address: number): FunctionTypes | null;
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
    close: () => native.close(),
  };
}

function openNative(path: string): NativeDwarfFile {
  const { DwarfFile } = createRequire(import.meta.url)('../../native/coral_dwarf.node') as NativeModule;
  try {
    return new DwarfFile(path);
  } catch (cause) {
    const hint = 'arguments and results need DWARF: build without -ldflags=-w or strip, or install the debug file';
    throw new CoralError('UNSUPPORTED', (cause as Error).message, hint, { path }, { cause });
  }
}
