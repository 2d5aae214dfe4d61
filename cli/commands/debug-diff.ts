import { withColony } from '../colony/connect.js';
import { readDocument, snapshotOfSession } from '../colony/documents.js';
import { diffText } from '../format/diff.js';
import { line } from '../format/lines.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT } from './options.js';

/** `coral debug diff`. */
export default defineCommand({
  path: 'debug diff',
  summary: 'Compare two sessions: change of each percentile, and whether it is real',
  positionals: [
    { name: 'a', describe: 'session id (or enough of it) or snapshot file: before', required: true },
    { name: 'b', describe: 'session id (or enough of it) or snapshot file: after', required: true },
  ],
  options: { ...FORMAT, ...COLONY },
  examples: [
    ['coral debug diff dbg-01JDX3 dbg-01JDX9', 'two past sessions'],
    ['coral debug diff before.json after.json --format json', 'two files'],
  ],
  async run({ words, options }, surroundings) {
    const { diffSnapshots } = await import('../../snapshots/diff/diff.js');
    const sources = [words.a ?? '', words.b ?? ''];
    const files = sources.map(readDocument);
    const snapshots = files.every((file) => file !== undefined)
      ? files
      : await withColony(surroundings, options.colony, (colony) =>
          Promise.all(sources.map((source, at) => files[at] ?? snapshotOfSession(colony, source))),
        );
    const [a, b] = snapshots;
    if (!a || !b) throw new RangeError('two documents are compared');
    const diff = diffSnapshots(a, b);
    surroundings.out.write(options.format === 'json' ? line(diff) : diffText(diff));
    return 0;
  },
});
