/** Damaged debug information: read by libdw in our process, as it is when arguments are asked for. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openDwarf } from '../../agent/dwarf/open-dwarf.js';
import { readElf } from '../../agent/symbols/elf/elf.js';
import { fileOfBuffer } from '../../agent/symbols/elf/file-bytes.js';
import { openImage } from '../../agent/symbols/open-image.js';
import { mutate } from './mutate.js';
import type { Random } from './random.js';
import type { Subject } from './subject.js';

const FUNCTIONS_A_FILE = 3;

/** The program at a path, which has DWARF, damaged there again and again. */
export function dwarfSubject(path: string, share: number): Subject {
  const bytes = readFileSync(path);
  const { sections } = readElf(fileOfBuffer(path, bytes));
  const spots = sections.filter(({ name }) => name.startsWith('.debug')).map(({ offset, size }) => ({ start: offset, size }));
  const { functions } = openImage(path);
  const damagedPath = join(mkdtempSync(join(tmpdir(), 'coral-fuzz-')), 'damaged');
  return {
    name: `dwarf ${basename(path)}`,
    share,
    attempt(random) {
      const { damaged, undo } = mutate(bytes, random, spots);
      writeFileSync(damagedPath, damaged);
      undo();
      return isRead(damagedPath, () => functions.address(random.int(functions.count)), random);
    },
  };
}

/** What libdw complains of comes as an Error with its words. */
function isRead(path: string, address: () => number, random: Random): boolean {
  try {
    const dwarf = openDwarf(path);
    try {
      for (let left = FUNCTIONS_A_FILE; left > 0; left--) dwarf.describe(address());
      if (random.int(8) === 0) dwarf.inlinedCopies();
    } finally {
      dwarf.close();
    }
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || !(error instanceof Error)) throw error;
    return false;
  }
}
