/** Every x86-64 executable and library of this machine, each once. */

import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian, Go and npm keep programs. */
export const PLACES = ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '/usr/local', '/opt'];

/** "\x7fELF", 64-bit, little-endian; at 16 the type (executable, shared), at 18 the machine (x86-64). */
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const TYPES = [2, 3];
const X86_64 = 62;
const HEAD_BYTES = 20;

/** Paths under these places, sorted; links and hard links to one file give one path. */
export function elfFiles(places: readonly string[] = PLACES): string[] {
  const seen = new Set<string>();
  return places
    .flatMap((place) => filesUnder(place))
    .sort()
    .filter((path) => {
      const key = fileKey(path);
      if (key === null || seen.has(key) || !isProgram(path)) return false;
      seen.add(key);
      return true;
    });
}

function filesUnder(place: string): string[] {
  try {
    return readdirSync(realpathSync(place), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function fileKey(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined || found.size < HEAD_BYTES ? null : `${found.dev}:${found.ino}`;
}

function isProgram(path: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, head, 0, HEAD_BYTES, 0);
  } finally {
    closeSync(descriptor);
  }
  return (
    head.subarray(0, MAGIC.length).equals(MAGIC) && TYPES.includes(head.readUInt16LE(16)) && head.readUInt16LE(18) === X86_64
  );
}
