import { withColony } from '../colony/connect.js';
import { sessionsJson, sessionsTable } from '../format/sessions.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT, SERVICE } from './options.js';

/** `coral debug list`. */
export default defineCommand({
  path: 'debug list',
  summary: 'Sessions that run now, of everyone',
  positionals: [{ ...SERVICE, required: false }],
  options: {
    ended: { type: 'boolean', describe: 'also sessions that have ended' },
    limit: { type: 'number', least: 1, describe: 'how many ended ones (default 50)' },
    ...FORMAT,
    ...COLONY,
  },
  examples: [
    ['coral debug list', 'every running session'],
    ['coral debug list checkout --ended', 'those of a service, also past ones'],
  ],
  async run({ words, options }, surroundings) {
    const request = { serviceName: words.service ?? '', includeEnded: options.ended, limit: options.limit ?? 0 };
    const { sessions } = await withColony(surroundings, options.colony, (colony) => colony.listDebugSessions(request));
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    surroundings.out.write(options.format === 'json' ? sessionsJson(sessions) : sessionsTable(sessions, nowNs));
    return 0;
  },
});
