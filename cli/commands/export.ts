import { CoralError } from '../../proto/errors.js';
import { withColony } from '../colony/connect.js';
import { sessionIdOf } from '../colony/session-id.js';
import { defineCommand } from './command.js';
import { COLONY } from './options.js';

/** `coral export`. */
export default defineCommand({
  path: 'export',
  summary: "A session's document, running or past",
  positionals: [
    { name: 'session', describe: 'session id, or enough of its beginning or end (coral debug list --ended)', required: true },
  ],
  options: {
    as: {
      type: 'string',
      describe: 'form of the file (default json, the only one of this version)',
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
    const { snapshot } = await withColony(surroundings, options.colony, async (colony) =>
      colony.getSnapshot({ sessionId: await sessionIdOf(colony, words.session ?? '', { ended: true }) }),
    );
    surroundings.out.write(`${Buffer.from(snapshot).toString('utf8')}\n`);
    return 0;
  },
});
