/** Types of functions by image: from the program's own DWARF, else from its debug file. Each file is opened once. */

import { CoralError } from '../../proto/errors.js';
import { buildIdOf } from '../symbols/elf/build-id.js';
import { type Elf, readElf } from '../symbols/elf/elf.js';
import { openFileBytes } from '../symbols/elf/file-bytes.js';
import type { Image } from '../symbols/image.js';
import { findDebugFile } from '../symbols/native/debug-file.js';
import { type DwarfFile, openDwarf } from './open-dwarf.js';
import type { FunctionTypes } from './types.js';

/** A program or library: `openPath` to open it by, `shownPath` to speak of it. */
export interface ProgramFile {
  image: Image;
  openPath: string;
  shownPath: string;
}

/** GCC's clones that take other parameters than their function. */
const CHANGED_CLONE = /[.[ ](?:isra|constprop|part)\.\d+/;

const COMPRESSION_HEADER_BYTES = 24;
const COMPRESSED_BY_ZSTD = 2;

export class DebugTypes {
  readonly #files = new WeakMap<Image, DwarfFile | CoralError>();

  /** Types of the body in `row`; UNSUPPORTED says why there are none. */
  describe(program: ProgramFile, row: number): FunctionTypes {
    const file = this.open(program);
    const address = program.image.functions.address(row);
    const types = file.describe(address);
    const name = program.image.functions.name(row);
    if (types !== null) return { ...types, changed: types.changed === true || CHANGED_CLONE.test(name) };
    if (file.isSplitAt(address)) throw splitDwarf(name, program.shownPath);
    throw noDwarf(`the debug information of ${program.shownPath} does not describe ${name}`, program.shownPath);
  }

  /** The debug information itself; UNSUPPORTED when the program has none. */
  open(program: ProgramFile): DwarfFile {
    let file = this.#files.get(program.image);
    if (file === undefined) {
      file = openFirst(program);
      this.#files.set(program.image, file);
    }
    if (file instanceof CoralError) throw file;
    return file;
  }
}

function openFirst(program: ProgramFile): DwarfFile | CoralError {
  try {
    return openDwarf(program.openPath);
  } catch (error) {
    if (!(error instanceof CoralError)) throw error;
    return openDebugFile(program);
  }
}

function openDebugFile({ openPath, shownPath }: ProgramFile): DwarfFile | CoralError {
  try {
    const elf = readElf(openFileBytes(openPath));
    if (isZstd(elf)) return zstdDwarf(shownPath);
    const debugFile = findDebugFile(elf, buildIdOf(elf));
    if (debugFile !== null) return openInDebugFile(debugFile);
  } catch (error) {
    if (error instanceof CoralError) return error;
    throw error;
  }
  return noDwarf(`${shownPath} has no debug information (DWARF), nor has it a debug file`, shownPath);
}

function openInDebugFile(debugFile: Elf): DwarfFile | CoralError {
  const { path } = debugFile.file;
  try {
    return openDwarf(path);
  } catch (error) {
    if (isZstd(debugFile)) return zstdDwarf(path);
    throw error;
  }
}

/** Whether its debug information is packed in a way that elfutils before 0.189 does not know. */
function isZstd(elf: Elf): boolean {
  const section = elf.sections.find(({ name }) => name === '.debug_info');
  if (section === undefined || !section.compressed || section.size < COMPRESSION_HEADER_BYTES) return false;
  const header = elf.file.read(section.offset, COMPRESSION_HEADER_BYTES, 'header of section .debug_info');
  return header.readUInt32LE(0) === COMPRESSED_BY_ZSTD;
}

function zstdDwarf(path: string): CoralError {
  const message = `the debug information of ${path} is compressed by zstd, which this host's elfutils do not read`;
  const hint = `objcopy --decompress-debug-sections ${path}, build it with -gz=zlib, or install elfutils 0.189 or newer`;
  return new CoralError('UNSUPPORTED', message, hint, { path, code: 'NO_DWARF' });
}

function splitDwarf(name: string, path: string): CoralError {
  const message = `the debug information of ${name} lies in .dwo files (-gsplit-dwarf), which are not read`;
  return new CoralError('UNSUPPORTED', message, 'build it without -gsplit-dwarf', { path, code: 'NO_DWARF' });
}

function noDwarf(message: string, path: string): CoralError {
  const hint = 'build it without -ldflags=-w and without strip, or install its debug file';
  return new CoralError('UNSUPPORTED', message, hint, { path, code: 'NO_DWARF' });
}
