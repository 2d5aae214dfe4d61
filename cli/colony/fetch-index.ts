/** A program's function index from its agent. */

import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import { decodeFunctionIndex, FUNCTION_INDEX_ENCODING, type FunctionIndex } from '../../proto/function-index.js';

/** Which process's program; pid 0: any of the service. */
export interface IndexTarget {
  readonly serviceName: string;
  readonly pid: number;
}

/** Fetches and unpacks the whole index. */
export async function fetchIndex(colony: Colony, target: IndexTarget): Promise<{ buildId: string; index: FunctionIndex }> {
  const chunks: Uint8Array[] = [];
  let [buildId, encoding] = ['', ''];
  for await (const piece of colony.listFunctions(target)) {
    buildId ||= piece.buildId;
    encoding ||= piece.encoding;
    chunks.push(piece.chunk);
  }
  if (encoding !== '' && encoding !== FUNCTION_INDEX_ENCODING) {
    throw new CoralError(
      'INTERNAL',
      `the function index comes as "${encoding}"`,
      'use a coral of the same version as the colony',
    );
  }
  return { buildId, index: decodeFunctionIndex(Buffer.concat(chunks)) };
}
