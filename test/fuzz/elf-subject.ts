/** Damaged executables: opened, listed, and functions of them decided, as the agent does with whatever runs on its host. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decideSites } from '../../agent/sites/decide-sites.js';
import { readElf } from '../../agent/symbols/elf/elf.js';
import { fileOfBuffer } from '../../agent/symbols/elf/file-bytes.js';
import { packFunctionIndex } from '../../agent/symbols/function-index.js';
import type { Image } from '../../agent/symbols/image.js';
import { readImage } from '../../agent/symbols/open-image.js';
import { mutate, type Spot } from './mutate.js';
import type { Random } from './random.js';
import { isRead, type Subject } from './subject.js';

/** Of a table, what lies behind this is like what lies before it. */
const MAX_SPOT_BYTES = 4096;
const ROWS_AN_IMAGE = 4;
/** The whole index is packed for one image in so many. */
const INDEX_EVERY = 50;
const NOT_TABLES = /^\.(text|rodata|debug_.*|bss|comment)$/;

/** The program at a path, damaged again and again. */
export function elfSubject(path: string, share: number): Subject {
  const bytes = readFileSync(path);
  const spots = spotsOf(path, bytes);
  return {
    name: `elf ${basename(path)}`,
    share,
    attempt(random) {
      const { damaged, undo } = mutate(bytes, random, spots);
      try {
        return isRead(() => use(readImage(fileOfBuffer('/fuzz', damaged)), random));
      } finally {
        undo();
      }
    },
  };
}

function spotsOf(path: string, bytes: Buffer): Spot[] {
  const { sections } = readElf(fileOfBuffer(path, bytes));
  const headers = [
    { start: 0, size: 0x400 },
    { start: Number(bytes.readBigUInt64LE(40)), size: sections.length * 64 },
  ];
  const tables = sections.filter(({ name, size }) => size > 0 && !NOT_TABLES.test(name));
  return [...headers, ...tables.map(({ offset, size }) => ({ start: offset, size: Math.min(size, MAX_SPOT_BYTES) }))];
}

function use(image: Image, random: Random): void {
  const { functions } = image;
  if (functions.count === 0) return;
  for (let left = ROWS_AN_IMAGE; left > 0; left--) {
    const row = random.int(functions.count);
    functions.find(functions.name(row));
    functions.aliases(row);
    functions.line(row);
    functions.file(row);
    image.inlined.of(row);
    decideSites(image, row);
  }
  if (random.int(INDEX_EVERY) === 0) packFunctionIndex(image);
}
