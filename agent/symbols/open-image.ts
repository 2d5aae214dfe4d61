/** Opens an executable or a library: finds its functions, wherever their names come from. */

import { CoralError } from '../../proto/errors.js';
import { buildIdOf } from './elf/build-id.js';
import { readCallFrames } from './elf/call-frames.js';
import { type Elf, readElf, sectionNamed } from './elf/elf.js';
import { corruptElf, type FileBytes, openFileBytes } from './elf/file-bytes.js';
import { type MemoryImage, memoryImage } from './elf/memory-image.js';
import { readResolverSlots } from './elf/relocations.js';
import { type GoProgram, readGoProgram } from './go/go-program.js';
import { isOutsideOf, withCCode } from './go/with-c-code.js';
import type { Image } from './image.js';
import { once } from './name-index.js';
import { readNativeProgram } from './native/native-program.js';

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
  const go = readGo(elf, memory);
  const program = go === null ? readNativeProgram(elf, memory) : ({ ...go, language: 'go', symbols: 'pclntab' } as const);
  const frames = once(() => readCallFrames(elf));
  const resolverSlots = once(() => readResolverSlots(elf));
  const { functions } = program;
  return {
    path: file.path,
    heldPath: file.reopenPath ?? file.path,
    buildId: buildIdOf(elf),
    language: program.language,
    symbols: program.symbols,
    pie: elf.pie,
    functions,
    go: go?.runtime ?? null,
    inlined: program.inlined,
    segments: memory.segments,
    fileOffset: memory.fileOffset,
    read: memory.read,
    pointer: memory.pointer,
    resolvedIn: (resolver) => resolverSlots().get(resolver) ?? [],
    text: (row) => memory.read(functions.address(row), functions.size(row)) ?? new Uint8Array(0),
    codeRangeAt: (address) => frames().rangeAt(address),
    stackDepth(row, address) {
      const isGoCode = go !== null && !go.runtime.isForeign(row);
      return isGoCode ? go.runtime.stackDepth(row, address) : frames().stackDepth(address);
    },
  };
}

/** Only a system linker writes `.init`: then there is C code, which Go's own table does not know. */
function readGo(elf: Elf, memory: MemoryImage): GoProgram | null {
  const go = readGoProgram(elf, memory);
  if (go === null || sectionNamed(elf, '.init') === undefined) return go;
  return withCCode(go, readNativeProgram(elf, memory, isOutsideOf(go)).functions);
}
