/** MiniDebugInfo: a small ELF file of function symbols, packed by xz into a section of a stripped program. */

import { nativeDwarf } from '../../dwarf/native-module.js';
import { type Elf, readElf, sectionBytes, sectionNamed } from '../elf/elf.js';
import { corruptElf, fileOfBuffer } from '../elf/file-bytes.js';

/** Unpacks the section; null: the program has none. CORRUPT_ELF when it cannot be unpacked or holds no ELF file. */
export function readMiniDebugInfo(elf: Elf): Elf | null {
  const section = sectionNamed(elf, '.gnu_debugdata');
  if (section === undefined) return null;
  return readElf(fileOfBuffer(`${elf.file.path} (.gnu_debugdata)`, unpack(elf, sectionBytes(elf, section))));
}

function unpack(elf: Elf, packed: Buffer): Buffer {
  try {
    return nativeDwarf().unpackXz(packed);
  } catch (cause) {
    throw corruptElf(elf.file.path, `section .gnu_debugdata: ${(cause as Error).message}`);
  }
}
