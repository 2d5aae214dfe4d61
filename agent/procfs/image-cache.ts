/** Opened images by what is on disk: a program that runs a hundred times is read once. */

import { statSync } from 'node:fs';
import type { Image } from '../symbols/image.js';
import { openImage } from '../symbols/open-image.js';

/** Images kept; the least recently used one goes first. An index of 100,000 functions takes about 20 MB. */
const MAX_IMAGES = 64;

export class ImageCache {
  readonly #images = new Map<string, Image>();

  /** Opens a file, or gives the image of the same device, inode, size and time of change. Errors as openImage's. */
  open(path: string): Image {
    const key = fileKey(path);
    const image = (key === null ? undefined : this.#images.get(key)) ?? openImage(path);
    if (key !== null) this.#keep(key, image);
    return image;
  }

  #keep(key: string, image: Image): void {
    this.#images.delete(key);
    this.#images.set(key, image);
    const [oldest] = this.#images.keys();
    if (this.#images.size > MAX_IMAGES && oldest !== undefined) this.#images.delete(oldest);
  }
}

/** Null when the file cannot be looked at: opening it gives the error with its reason. */
function fileKey(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
}
