/** The files that a process runs code from: its program and its libraries, and where they were loaded. */

import { readFileSync } from 'node:fs';
import { CoralError } from '../../proto/errors.js';
import type { Image } from '../symbols/image.js';
import { executablePath, processNotFound } from './process-facts.js';

/** One executable mapping of a file. */
export interface Mapping {
  start: number;
  end: number;
  /** Of `start`, in the file. */
  offset: number;
  /** Rights, as the kernel prints them: "r-xp". */
  access: string;
  /** Device and inode as the kernel prints them. */
  file: string;
  path: string;
}

/** A program or library of a process. */
export interface MappedFile {
  pid: number;
  /** As the process sees it. */
  shownPath: string;
  /** Opens the very file that is mapped, also when it was deleted or replaced, or lies in another mount namespace. */
  openPath: string;
  isProgram: boolean;
  mappings: Mapping[];
}

/** Executable file mappings, from the text of /proc/PID/maps. */
export function parseMaps(text: string): Mapping[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([0-9a-f]+)-([0-9a-f]+) (..x.) ([0-9a-f]+) (\S+ [1-9]\d*)\s+(\/.*)$/.exec(line);
    if (found === null) return [];
    const [start, end, offset] = [found[1], found[2], found[4]].map((hex) => Number.parseInt(hex as string, 16));
    return [{ start: start!, end: end!, offset: offset!, access: found[3]!, file: found[5]!, path: pathOf(found[6]!) }];
  });
}

/** Newlines in names are the one thing that the kernel writes in another way here. */
const pathOf = (shown: string): string => shown.replaceAll('\\012', '\n').replace(/ \(deleted\)$/, '');

/** The program first, then the libraries in the order of their addresses. PROCESS_NOT_FOUND, NO_PERMISSION. */
export function mappedFiles(pid: number): MappedFile[] {
  const program = executablePath(pid);
  if (program === null) throw processNotFound(pid);
  const files = groupByFile(parseMaps(readMaps(pid))).map((mappings) => mappedFile(pid, mappings, program));
  return files.sort((a, b) => Number(b.isProgram) - Number(a.isProgram));
}

/**
 * What to add to a linked address to get the address in the process: 0 for programs that are not position independent.
 * Null when no mapping holds the image's code.
 */
export function loadBias(file: MappedFile, image: Pick<Image, 'segments'>): number | null {
  for (const { start, offset } of file.mappings) {
    const segment = image.segments.find(
      (each) => each.executable && offset + PAGE_BYTES > each.offset && offset < each.offset + each.fileSize,
    );
    if (segment !== undefined) return start - offset + segment.offset - segment.vaddr;
  }
  return null;
}

/**
 * Why the kernel would set no breakpoints in a stretch of code of a process (and say nothing of it), in words; null: it would.
 * It sets them only where the file itself is mapped, privately and not to be written to.
 */
export function unprobeableBecause(
  mappings: readonly Mapping[],
  { address, size, offset }: { address: number; size: number; offset: number },
): string | null {
  for (let at = address; at < address + size; ) {
    const mapping = mappings.find(({ start, end }) => at >= start && at < end);
    if (mapping === undefined || at - mapping.start + mapping.offset !== at - address + offset) return MOVED;
    if (mapping.access[1] === 'w') return WRITABLE;
    if (mapping.access[3] !== 'p') return SHARED;
    at = mapping.end;
  }
  return null;
}

const MOVED = "its code runs from memory that is not the file's (moved to large pages?), where the kernel sets no probes";
const WRITABLE = 'its code is mapped writable, where the kernel sets no probes';
const SHARED = 'its code is mapped to be shared, where the kernel sets no probes';

const PAGE_BYTES = 4096;

function groupByFile(mappings: readonly Mapping[]): Mapping[][] {
  const groups = new Map<string, Mapping[]>();
  for (const mapping of mappings) groups.set(mapping.file, [...(groups.get(mapping.file) ?? []), mapping]);
  return [...groups.values()];
}

function mappedFile(pid: number, mappings: Mapping[], program: string): MappedFile {
  const { start, end, path } = mappings[0]!;
  const isProgram = path === program;
  const openPath = isProgram ? `/proc/${pid}/exe` : `/proc/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`;
  return { pid, shownPath: path, openPath, isProgram, mappings };
}

/** The text of /proc/PID/maps. PROCESS_NOT_FOUND, NO_PERMISSION. */
export function readMaps(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') throw processNotFound(pid, cause);
    const hint = 'run the agent as root, or give it CAP_SYS_PTRACE';
    throw new CoralError('NO_PERMISSION', `the memory map of process ${pid} cannot be read: ${code}`, hint, { pid }, { cause });
  }
}
