/** Bytes of one file, read on demand through one descriptor: a 150 MB executable is never in memory as a whole. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CoralError } from '../../../proto/errors.js';

export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /** Opens the same file once more, whatever lies at `path` meanwhile, while this value lives; null: it is in memory only. */
  readonly reopenPath: string | null;
  /** A fresh buffer of exactly `length` bytes; CORRUPT_ELF naming `what` when the file ends before. */
  read(offset: number, length: number, what: string): Buffer;
}

/** Descriptors whose file is no longer reachable are closed by the garbage collector's word. */
const forgotten = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/** Opens a file for as long as it is reachable. Missing or forbidden files give NO_PERMISSION or PROCESS_NOT_FOUND with the system's word. */
export function openFileBytes(path: string): FileBytes {
  const descriptor = openDescriptor(path);
  const file = fileOfDescriptor(path, descriptor);
  forgotten.register(file, descriptor);
  return file;
}

/** Opens a file for one use, which must not keep it. Errors as openFileBytes's. */
export function withFileBytes<T>(path: string, use: (file: FileBytes) => T): T {
  const descriptor = openDescriptor(path);
  try {
    return use(fileOfDescriptor(path, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function fileOfDescriptor(path: string, descriptor: number): FileBytes {
  const { size } = fstatSync(descriptor);
  return {
    path,
    size,
    reopenPath: `/proc/self/fd/${descriptor}`,
    read: (offset, length, what) => readRange(descriptor, path, size, offset, length, what),
  };
}

/** The same interface over bytes that are in memory already (tests, MiniDebugInfo). */
export function fileOfBuffer(path: string, bytes: Buffer): FileBytes {
  const read = (offset: number, length: number, what: string): Buffer => {
    checkRange(path, bytes.length, offset, length, what);
    return bytes.subarray(offset, offset + length);
  };
  return { path, size: bytes.length, reopenPath: null, read };
}

/** The error of a malformed file: `what` is the path of the fault, for example "section headers, entry 3". */
export function corruptElf(path: string, what: string): CoralError {
  return new CoralError('CORRUPT_ELF', `${path} is damaged: ${what}`, 'compare the file with the one that was installed', {
    path,
    fault: what,
  });
}

function openDescriptor(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const system = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    if (system === 'EACCES' || system === 'EPERM') {
      throw new CoralError('NO_PERMISSION', `${path} cannot be read: ${system}`, 'run the agent as root', { path }, { cause });
    }
    throw new CoralError(
      'PROCESS_NOT_FOUND',
      `${path} cannot be opened: ${system}`,
      'has the process ended?',
      { path },
      { cause },
    );
  }
}

function readRange(descriptor: number, path: string, size: number, offset: number, length: number, what: string): Buffer {
  checkRange(path, size, offset, length, what);
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; ) {
    const got = readSync(descriptor, bytes, at, length - at, offset + at);
    if (got === 0) throw corruptElf(path, `${what}: the file became shorter while it was read`);
    at += got;
  }
  return bytes;
}

function checkRange(path: string, size: number, offset: number, length: number, what: string): void {
  const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!inside || offset + length > size) {
    throw corruptElf(path, `${what}: bytes ${offset} to ${offset + length} lie outside of the file's ${size} bytes`);
  }
}
