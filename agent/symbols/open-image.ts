/** Opens an executable or a library: finds its functions, wherever their names come from. */

import { CoralError } from '../../proto/errors.js';
import { buildIdOf } from './elf/build-id.js';
import { readElf } from './elf/elf.js';
import { corruptElf, type FileBytes, openFileBytes } from './elf/file-bytes.js';
import { type MemoryImage, memoryImage } from './elf/memory-image.js';
import { readGoProgram } from './go/go-program.js';
import type { FunctionTable, Image } from './image.js';

/** Opens a file. CORRUPT_ELF names the fault, UNSUPPORTED the foreign machine; no other error for any content. */
export function openImage(path: string): Image {
  return readImage(openFileBytes(path));
}

/** The same for bytes from anywhere. */
export function readImage(file: FileBytes): Image {
  try {
    return imageOf(file);
  } catch (error) {
    if (error instanceof CoralError) throw error;
    throw corruptElf(file.path, error instanceof Error ? error.message : String(error));
  }
}

function imageOf(file: FileBytes): Image {
  const elf = readElf(file);
  const memory = memoryImage(elf);
  const go = readGoProgram(elf, memory);
  if (go === null) throw corruptElf(file.path, 'no function tables');
  return {
    path: file.path,
    buildId: buildIdOf(elf),
    language: 'go',
    symbols: 'pclntab',
    pie: elf.pie,
    functions: go.functions,
    go: go.runtime,
    segments: memory.segments,
    fileOffset: memory.fileOffset,
    read: memory.read,
    pointer: memory.pointer,
    text: (row) => textOf(memory, go.functions, row),
  };
}

function textOf(memory: MemoryImage, functions: FunctionTable, row: number): Uint8Array {
  return memory.read(functions.address(row), functions.size(row)) ?? new Uint8Array(0);
}
