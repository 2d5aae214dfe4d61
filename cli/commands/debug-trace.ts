import { CoralError } from '../../proto/errors.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT, SERVICE } from './options.js';

const instead = (service: string): string => `coral debug attach ${service} --function 'main.*' --format json`;

/** `coral debug trace`. */
export default defineCommand({
  path: 'debug trace',
  summary: 'The call tree of one HTTP path (not in this version)',
  positionals: [SERVICE],
  options: {
    path: { type: 'string', describe: 'HTTP path, such as /api/checkout' },
    duration: { type: 'duration', describe: 'how long (default 60s)' },
    ...FORMAT,
    ...COLONY,
  },
  examples: [[instead('checkout'), 'in its place, until it is there: the document has the call tree of these functions']],
  async run({ words, options }) {
    throw new CoralError(
      'NOT_IMPLEMENTED',
      `tracing ${options.path ?? 'a path'} of ${words.service} was asked for; this version cannot discover the functions of a path`,
      `name them yourself, the document then has their tree: ${instead(words.service ?? '')}`,
    );
  },
});
