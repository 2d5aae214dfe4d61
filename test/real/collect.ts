/** What a child prints. */

import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Gives all of it so far, both streams, when asked. */
export function collect(child: ChildProcessByStdio<Writable | null, Readable, Readable>): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  return () => text;
}
