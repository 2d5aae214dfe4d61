/** Opened images by what is on disk: a program that runs a hundred times is read once. */

import { statSync } from 'node:fs';
import type { Image } from '../symbols/image.js';
import { openImage } from '../symbols/open-image.js';

/** What kept images may take together: two programs of 50,000 functions. The one used last stays, whatever it takes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Tables and decoded names, as measured: 250 for a C++ library's, 400 for a database server's, 600 for Go's. */
const BYTES_A_FUNCTION = 600;
/** For what an image takes without any function. */
const BYTES_AN_IMAGE = 256 * 1024;

export class ImageCache {
  /** In the order of their use, the latest last. */
  readonly #kept = new Map<string, Image>();
  /** Also those that nobody but a session holds on to, so that none is ever in memory twice. */
  readonly #alive = new Map<string, WeakRef<Image>>();

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** Opens a file, or gives the image of the same device, inode, size and time of change. Errors as openImage's. */
  open(path: string): Image {
    const key = fileKey(path);
    if (key === null) return openImage(path);
    const image = this.#opened(key, path);
    this.#keep(key, image);
    return image;
  }

  /** The same for a look at a file that perhaps nobody will probe: it stays until the garbage collector comes by. */
  glance(path: string): Image {
    const key = fileKey(path);
    return key === null ? openImage(path) : this.#opened(key, path);
  }

  #opened(key: string, path: string): Image {
    const known = this.#alive.get(key)?.deref();
    if (known !== undefined) return known;
    const image = openImage(path);
    for (const [other, reference] of this.#alive) if (reference.deref() === undefined) this.#alive.delete(other);
    this.#alive.set(key, new WeakRef(image));
    return image;
  }

  #keep(key: string, image: Image): void {
    this.#kept.delete(key);
    this.#kept.set(key, image);
    for (const oldest of this.#kept.keys()) {
      if (oldest === key || bytesOf(this.#kept) <= this.maxBytes) break;
      this.#kept.delete(oldest);
    }
  }
}

const bytesOf = (images: ReadonlyMap<string, Image>): number =>
  [...images.values()].reduce((sum, { functions }) => sum + BYTES_AN_IMAGE + functions.count * BYTES_A_FUNCTION, 0);

/** What tells a file and its content apart; null when it cannot be looked at: opening it gives the error with its reason. */
export function fileKey(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
}
