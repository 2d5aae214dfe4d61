import { CoralError } from '../../proto/errors.js';
import { withColony } from '../colony/connect.js';
import { defineCommand } from './command.js';
import { COLONY } from './options.js';

/** `coral export`. */
export default defineCommand({
  path: 'export',
  summary: "A session's document, running or past",
  positionals: [{ name: 'session', describe: 'session id, from coral debug list --ended', required: true }],
  options: {
    as: {
      type: 'string',
      describe: 'form of the file (default json)',
      choices: ['json', 'csv', 'svg', 'speedscope', 'folded', 'pprof', 'perfetto'],
    },
    ...COLONY,
  },
  examples: [['coral export dbg-01JDX3 --as json > session.json', 'a file that coral top --replay opens']],
  async run({ words, options }, surroundings) {
    const form = options.as ?? 'json';
    if (form !== 'json') {
      throw new CoralError('NOT_IMPLEMENTED', `export as ${form} was asked for; this version writes json`, 'use --as json');
    }
    const request = { sessionId: words.session ?? '' };
    const { snapshot } = await withColony(surroundings, options.colony, (colony) => colony.getSnapshot(request));
    surroundings.out.write(`${Buffer.from(snapshot).toString('utf8')}\n`);
    return 0;
  },
});
