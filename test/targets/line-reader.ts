/** Lines of JSON from a child's output, taken one at a time; what comes early waits. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Takes the next line; null at the end of the output. */
export type TakeLine = () => Promise<string | null>;

/** Reads a stream's lines as they come, so that the writer never blocks on us. */
export function readLines(stream: Readable): TakeLine {
  const ready: (string | null)[] = [];
  const waiting: ((line: string | null) => void)[] = [];
  const give = (line: string | null) => {
    const taker = waiting.shift();
    if (taker === undefined) ready.push(line);
    else taker(line);
  };
  const lines = createInterface({ input: stream });
  lines.on('line', give);
  lines.once('close', () => {
    give(null);
    for (const taker of waiting.splice(0)) taker(null);
    ready.push(null);
  });
  return () => {
    if (ready.length === 0) return new Promise((resolve) => waiting.push(resolve));
    return Promise.resolve(ready[0] === null ? null : (ready.shift() ?? null));
  };
}
