import { CoralError } from '../../proto/errors.js';
import type { Snapshot } from '../document.js';
import { inconsistency } from './consistency.js';
import { snapshotShape } from './snapshot-shape.js';

/** Largest document that is read, bytes: some fifty times a ten-minute session of 64 functions. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Deepest nesting that is read; captured values go one level into structs, so that 16 is ample. */
const MAX_DEPTH = 64;

/** A snapshot as one line of JSON. */
export function encodeSnapshot(snapshot: Snapshot): string {
  return JSON.stringify(snapshot);
}

/** Reads a snapshot. Throws BAD_SNAPSHOT with the path of the first fault. */
export function decodeSnapshot(encoded: Uint8Array | string): Snapshot {
  return checkSnapshot(parse(decodeText(encoded)));
}

/** Checks a parsed value. Throws BAD_SNAPSHOT with the path of the first fault. */
export function checkSnapshot(value: unknown): Snapshot {
  const fault = snapshotShape.fault(value, '') ?? inconsistency(value as Snapshot);
  if (fault) bad(fault);
  return value as Snapshot;
}

function decodeText(encoded: Uint8Array | string): string {
  if (encoded.length > MAX_BYTES) bad(`document: ${encoded.length} bytes, over the limit of ${MAX_BYTES}`);
  if (typeof encoded === 'string') return encoded;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(encoded);
  } catch (cause) {
    return bad('document: is not UTF-8', cause);
  }
}

function parse(text: string): unknown {
  const deepest = nestingOf(text);
  if (deepest > MAX_DEPTH) bad(`document: nested ${deepest} levels deep, over the limit of ${MAX_DEPTH}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    return bad(`document: is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** Levels of brackets outside strings, found in one pass before any parser recurses into them. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\' && quoted) at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '[' || char === '{')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (char === ']' || char === '}')) depth--;
  }
  return deepest;
}

function bad(fault: string, cause?: unknown): never {
  throw new CoralError(
    'BAD_SNAPSHOT',
    `not a coral.snapshot/1 document: ${fault}`,
    'give a file that coral wrote (--format json, export --as json)',
    {},
    { cause },
  );
}
