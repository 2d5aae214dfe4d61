/** What was saved to a file. */

import { CoralError } from '../../proto/errors.js';
import type { Snapshot } from '../document.js';
import { decodeSnapshot } from './codec.js';

const STREAM_BEGINS = '{"type":"session"';

/** Reads a document, or a whole stream (`--format ndjson`), whose last line is one. Throws BAD_SNAPSHOT that names the file. */
export function decodeSaved(content: Uint8Array, path: string): Snapshot {
  try {
    return decodeSnapshot(documentIn(Buffer.from(content)));
  } catch (error) {
    if (!(error instanceof CoralError)) throw error;
    throw new CoralError(error.code, `${path}: ${error.message}`, error.hint, { ...error.details, path }, { cause: error });
  }
}

function documentIn(bytes: Buffer): Uint8Array {
  if (bytes.toString('latin1', 0, STREAM_BEGINS.length) !== STREAM_BEGINS) return bytes;
  const end = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  return bytes.subarray(bytes.lastIndexOf('\n', end - 1) + 1, end);
}
