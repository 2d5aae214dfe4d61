/** A program's function index from its agent, put together from pieces. */

import type { Colony } from '../../proto/client.js';
import { CoralError } from '../../proto/errors.js';
import { decodeFunctionIndex, FUNCTION_INDEX_ENCODING, type FunctionIndex } from '../../proto/function-index.js';

/** The whole index of a service's program. */
export async function fetchFunctions(colony: Colony, serviceName: string): Promise<FunctionIndex> {
  const chunks: Uint8Array[] = [];
  let encoding: string = FUNCTION_INDEX_ENCODING;
  for await (const piece of colony.listFunctions({ serviceName })) {
    encoding = piece.encoding || encoding;
    chunks.push(piece.chunk);
  }
  if (encoding !== FUNCTION_INDEX_ENCODING) {
    throw new CoralError(
      'INTERNAL',
      `the function index comes as "${encoding}"`,
      'use a coral of the same version as the colony',
    );
  }
  return decodeFunctionIndex(Buffer.concat(chunks));
}
