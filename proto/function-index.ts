/**
 * A program's function index on the wire, "coral.functions/1+gzip": a JSON header line with the sections' lengths,
 * then names and files (UTF-8, one a line) and little-endian columns. Encoded by the agent once a build id, carried
 * unread by the colony, decoded and searched by the caller.
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { CoralError } from './errors.js';

export const FUNCTION_INDEX_ENCODING = 'coral.functions/1+gzip';

/** What the columns hold; index = row. Offsets are file offsets of the function's first byte. */
export interface FunctionIndex {
  readonly names: readonly string[];
  readonly files: readonly string[];
  /** Index into `files`. */
  readonly file: Uint32Array;
  readonly line: Uint32Array;
  readonly size: Uint32Array;
  readonly inlined: Uint32Array;
  readonly offset: Float64Array;
}

const SECTIONS = ['names', 'files', 'file', 'line', 'size', 'inlined', 'offset'] as const;
type Section = (typeof SECTIONS)[number];

/** Packs an index. Line feeds in names (none occur in practice) become spaces. */
export function encodeFunctionIndex(index: FunctionIndex): Buffer {
  const sections: Record<Section, Buffer> = {
    names: lines(index.names),
    files: lines(index.files),
    file: bytesOf(index.file),
    line: bytesOf(index.line),
    size: bytesOf(index.size),
    inlined: bytesOf(index.inlined),
    offset: bytesOf(index.offset),
  };
  const header = {
    count: index.names.length,
    files: index.files.length,
    sections: SECTIONS.map((name) => sections[name].length),
  };
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...SECTIONS.map((name) => sections[name])];
  return gzipSync(Buffer.concat(parts), { level: 1 });
}

/** The index of a program of half a million functions takes some 60 MB; packed, a hostile one of any size would be small. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Unpacks an index; throws INTERNAL when the bytes are not one. */
export function decodeFunctionIndex(packed: Uint8Array, maxBytes = MAX_BYTES): FunctionIndex {
  try {
    return unpack(gunzipSync(packed, { maxOutputLength: maxBytes }));
  } catch (cause) {
    throw new CoralError('INTERNAL', 'the function index from the agent is malformed', 'restart the agent', {}, { cause });
  }
}

function unpack(raw: Buffer): FunctionIndex {
  const headerEnd = raw.indexOf(10);
  const header = JSON.parse(raw.toString('utf8', 0, headerEnd)) as { count: number; files: number; sections: number[] };
  let at = headerEnd + 1;
  const section = Object.fromEntries(
    SECTIONS.map((name, i) => {
      const length = header.sections[i] ?? 0;
      const bytes = raw.subarray(at, at + length);
      if (bytes.length !== length) throw new RangeError(`section ${name} is cut`);
      at += length;
      return [name, bytes];
    }),
  ) as Record<Section, Buffer>;
  return {
    names: splitLines(section.names, header.count),
    files: splitLines(section.files, header.files),
    file: new Uint32Array(copy(section.file, header.count * 4)),
    line: new Uint32Array(copy(section.line, header.count * 4)),
    size: new Uint32Array(copy(section.size, header.count * 4)),
    inlined: new Uint32Array(copy(section.inlined, header.count * 4)),
    offset: new Float64Array(copy(section.offset, header.count * 8)),
  };
}

const lines = (strings: readonly string[]): Buffer => Buffer.from(strings.map((s) => s.replaceAll('\n', ' ')).join('\n'));

const bytesOf = (column: Uint32Array | Float64Array): Buffer => Buffer.from(column.buffer, column.byteOffset, column.byteLength);

function splitLines(bytes: Buffer, count: number): string[] {
  const strings = count === 0 ? [] : bytes.toString('utf8').split('\n');
  if (strings.length !== count) throw new RangeError(`${strings.length} lines, ${count} expected`);
  return strings;
}

/** A fresh, aligned buffer of exactly the expected length. */
function copy(bytes: Buffer, expected: number): ArrayBuffer {
  if (bytes.length !== expected) throw new RangeError(`${bytes.length} bytes, ${expected} expected`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}
