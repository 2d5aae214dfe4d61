import { withColony } from '../colony/connect.js';
import { sessionIdOf } from '../colony/session-id.js';
import { detachedText, sessionsJson } from '../format/sessions.js';
import { usageError } from '../parse/values.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT, SERVICE } from './options.js';

/** `coral debug detach`. */
export default defineCommand({
  path: 'debug detach',
  summary: 'End sessions now and take their probes off',
  positionals: [{ ...SERVICE, required: false }],
  options: {
    'session-id': { type: 'string', describe: 'this session: its id, or enough of its beginning or end' },
    all: { type: 'boolean', describe: 'every session of the service, or of all services when none is named' },
    ...FORMAT,
    ...COLONY,
  },
  examples: [
    ['coral debug detach checkout --session-id dbg-01JDX3', 'one session'],
    ['coral debug detach checkout --all', 'every session of checkout'],
  ],
  async run({ words, options }, surroundings) {
    const typed = options['session-id'];
    if ((typed !== undefined) === options.all) {
      throw usageError({ path: 'debug detach' }, 'debug detach: give either --session-id ID or --all');
    }
    const { sessions } = await withColony(surroundings, options.colony, async (colony) => {
      const sessionId = typed === undefined ? '' : await sessionIdOf(colony, typed, { ended: false });
      return colony.detachUprobe({ sessionId, serviceName: words.service ?? '', all: options.all });
    });
    surroundings.out.write(options.format === 'json' ? sessionsJson(sessions) : detachedText(sessions));
    return 0;
  },
});
