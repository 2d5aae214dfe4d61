/** The DWARF of a C, C++ or Rust program, or of its debug file, for what is told of all its functions. */

import { CoralError } from '../../../proto/errors.js';
import { type DwarfFile, openDwarf } from '../../dwarf/open-dwarf.js';
import { buildIdOf } from '../elf/build-id.js';
import { type Elf, sectionNamed } from '../elf/elf.js';
import { findDebugFile } from './debug-file.js';

/** All of it is read, some 20 MB a second: of larger programs nothing is told rather than that everybody waits. */
const MAX_DEBUG_INFO_BYTES = 16 * 1024 * 1024;

/** Reads with the file open; null: there is no DWARF, too much of it, or none that libdw can read. */
export function readDebugInfo<T>(elf: Elf, read: (dwarf: DwarfFile) => T): T | null {
  const path = debugInfoPath(elf);
  if (path === null) return null;
  try {
    const dwarf = openDwarf(path);
    const found = read(dwarf);
    dwarf.close();
    return found;
  } catch (error) {
    if (error instanceof CoralError && error.code === 'UNSUPPORTED') return null;
    throw error;
  }
}

function debugInfoPath(elf: Elf): string | null {
  const file = debugInfoBytes(elf) > 0 ? elf : findDebugFile(elf, buildIdOf(elf));
  const bytes = debugInfoBytes(file);
  return file === null || bytes === 0 || bytes > MAX_DEBUG_INFO_BYTES ? null : file.file.reopenPath;
}

const debugInfoBytes = (elf: Elf | null): number => (elf === null ? 0 : (sectionNamed(elf, '.debug_info')?.size ?? 0));
