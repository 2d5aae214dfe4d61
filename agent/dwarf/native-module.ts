/** The addon over libdw and liblzma as JavaScript sees it; loaded on first use. */

import { createRequire } from 'node:module';

/** Columns: the function whose first instruction is at addresses[i] begins in fileNames[files[i]], at lines[i]. */
export interface FunctionPlaces {
  addresses: Float64Array;
  files: Uint32Array;
  lines: Uint32Array;
  fileNames: string[];
}

export interface NativeDwarfFile {
  /** FunctionTypes as JSON; null when no function starts there. */
  describe(address: number): string | null;
  /** Whether what is known of the code there lies in another file, by -gsplit-dwarf. */
  isSplitAt(address: number): boolean;
  functionPlaces(): FunctionPlaces;
  /** The name of each function of which there are inlined copies, and how many, alternating. */
  inlinedCopies(): (string | number)[];
  close(): void;
}

interface NativeModule {
  DwarfFile: new (path: string) => NativeDwarfFile;
  /** Throws when the bytes are damaged or unpack to over 256 MB. */
  unpackXz(packed: Uint8Array): Buffer;
}

let loaded: NativeModule | undefined;

/** The addon. Throws when it was not built. */
export function nativeDwarf(): NativeModule {
  loaded ??= createRequire(import.meta.url)('../../native/coral_dwarf.node') as NativeModule;
  return loaded;
}
