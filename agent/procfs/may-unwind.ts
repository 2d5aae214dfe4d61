/** Whether a process may unwind or switch stacks: only where it provably cannot may a return address be replaced. */

import { readFileSync } from 'node:fs';
import { readElf } from '../symbols/elf/elf.js';
import { withFileBytes } from '../symbols/elf/file-bytes.js';
import { unwindsBecause } from '../symbols/elf/unwinders.js';
import { fileKey } from './image-cache.js';
import { type MappedFile, mappedFiles } from './mapped-files.js';

export interface MayUnwind {
  may: boolean;
  /** A sentence for each mapped object that might; empty when none might. */
  because: string[];
}

/** Looks at every object that is mapped now. Errors as of mappedFiles and openImage. */
export function mayUnwind(pid: number): MayUnwind {
  const found = mappedFiles(pid).map(unwindsByFile);
  const because = [...found, codeOfNoFile(pid)].filter((reason) => reason !== null);
  return { may: because.length > 0, because };
}

/** By what is on disk: the code of a library is read once. */
const known = new Map<string, string | null>();
/** Beyond any host's libraries; all are forgotten then. */
const MAX_KNOWN = 1024;

function unwindsByFile({ openPath, shownPath }: MappedFile): string | null {
  const key = fileKey(openPath) ?? '';
  const found = known.get(key);
  if (found !== undefined) return found;
  const because = withFileBytes(openPath, (file) => unwindsBecause(readElf(file), shownPath));
  if (known.size >= MAX_KNOWN) known.clear();
  if (key !== '') known.set(key, because);
  return because;
}

/** Code that was written while the program ran: nobody can tell what it does. */
function codeOfNoFile(pid: number): string | null {
  const made = /^([0-9a-f]+)-\S+ ..x. \S+ \S+ 0 *$/m.exec(readFileSync(`/proc/${pid}/maps`, 'utf8'));
  return made === null ? null : `code at 0x${made[1]} belongs to no file`;
}
