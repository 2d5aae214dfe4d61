/** A program's function index, packed once and cut into messages. */

import { FUNCTION_INDEX_ENCODING } from '../../proto/function-index.js';
import type { GetIndex } from '../../proto/gen/coral/fleet/v1/fleet.js';
import type { PackedIndex } from '../link/orders.js';
import { packFunctionIndex } from '../symbols/function-index.js';
import type { Image } from '../symbols/image.js';

/** Small enough that ticks between the pieces are not late. */
const CHUNK_BYTES = 256 * 1024;

export class IndexPacker {
  readonly #packed = new WeakMap<Image, Buffer>();

  /** With the build id that the caller has already, nothing but that it is unchanged. */
  pack(image: Image, { knownBuildId }: GetIndex): PackedIndex {
    const unchanged = knownBuildId !== '' && knownBuildId === image.buildId;
    const chunks = unchanged ? [] : cut(this.#encoded(image));
    return { buildId: image.buildId, unchanged, count: image.functions.count, encoding: FUNCTION_INDEX_ENCODING, chunks };
  }

  #encoded(image: Image): Buffer {
    const packed = this.#packed.get(image) ?? packFunctionIndex(image);
    this.#packed.set(image, packed);
    return packed;
  }
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
