/** Whether a process may unwind or switch stacks: only where it provably cannot may a return address be replaced. */

import { basename } from 'node:path';
import { CoralError } from '../../proto/errors.js';
import { readElf } from '../symbols/elf/elf.js';
import { withFileBytes } from '../symbols/elf/file-bytes.js';
import { readStackUse, type StackUse } from '../symbols/elf/unwinders.js';
import { fileKey } from './image-cache.js';
import { type MappedFile, mappedFiles, readMaps } from './mapped-files.js';

export interface MayUnwind {
  may: boolean;
  /** A sentence for each mapped object that might; empty when none might. */
  because: string[];
  /** By `longjmp` it may go from a call to another one in midst of what it calls. */
  jumps: boolean;
}

const JUMPS_FROM_HANDLERS = 'it has longjmp and handlers for signals, which may go from any function to another stack';

/** Looks at every object that is mapped now. Errors as of mappedFiles and openImage. */
export function mayUnwind(pid: number): MayUnwind {
  const uses = mappedFiles(pid).map(stackUseOf);
  const jumps = uses.some((use) => use.jumps);
  const fromHandlers = jumps && uses.some(({ handlesSignals }) => handlesSignals) ? JUMPS_FROM_HANDLERS : null;
  const because = [...uses.map((use) => use.because), codeOfNoFile(pid), fromHandlers].filter((reason) => reason !== null);
  return { may: because.length > 0, because, jumps };
}

/** By what is on disk: the code of a library is read once. */
const known = new Map<string, StackUse>();
/** Beyond any host's libraries; all are forgotten then. */
const MAX_KNOWN = 1024;

function stackUseOf(file: MappedFile): StackUse {
  const key = fileKey(file.openPath) ?? '';
  const found = known.get(key);
  if (found !== undefined) return found;
  const use = readUse(file);
  if (known.size >= MAX_KNOWN) known.clear();
  if (key !== '') known.set(key, use);
  return use;
}

/** Erlang and .NET write the code that they make into a file of memory, which is no program. */
function readUse({ openPath, shownPath, isProgram }: MappedFile): StackUse {
  try {
    return withFileBytes(openPath, (bytes) => readStackUse(readElf(bytes), shownPath));
  } catch (error) {
    if (isProgram || !(error instanceof CoralError)) throw error;
    const because = `${basename(shownPath)} holds code, but is no program: nobody can tell what it does`;
    return { because, jumps: false, handlesSignals: false };
  }
}

/** Code that was written while the program ran: nobody can tell what it does. */
function codeOfNoFile(pid: number): string | null {
  const made = /^([0-9a-f]+)-\S+ ..x. \S+ \S+ 0 *$/m.exec(readMaps(pid));
  return made === null ? null : `code at 0x${made[1]} belongs to no file`;
}
