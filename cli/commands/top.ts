import { usageError } from '../parse/values.js';
import { defineCommand } from './command.js';
import { COLONY } from './options.js';

/** `coral top`. */
export default defineCommand({
  path: 'top',
  summary: 'The workbench: pick a service and functions, watch them live',
  positionals: [],
  options: {
    once: { type: 'boolean', describe: 'print one plain table and exit (also when stdout is no terminal)' },
    replay: { type: 'string', describe: 'open a snapshot file; needs no privileges' },
    service: { type: 'string', describe: 'begin with this service' },
    function: { type: 'string', many: true, describe: 'attach to these functions of it' },
    duration: { type: 'duration', describe: 'how long the session lasts (60s; with --once 2s)' },
    ...COLONY,
  },
  examples: [
    ['coral top', 'every service of this host; / filters, Enter goes in'],
    ['coral top --once --service checkout --function validateCard', 'two seconds as a table'],
    ['coral top --replay session.json', 'a saved session'],
  ],
  async run({ options }, surroundings) {
    if (options.function.length > 0 && options.service === undefined) {
      throw usageError({ path: 'top' }, 'top: --function needs --service');
    }
    if (options.once || !surroundings.out.isTerminal) {
      const { measureOnce, replayOnce } = await import('../top/once.js');
      return options.replay === undefined ? measureOnce(options, surroundings) : replayOnce(options.replay, surroundings);
    }
    if (options.replay !== undefined) return (await import('../../tui/main.js')).runReplay(options.replay);
    return (await import('../top/workbench.js')).openWorkbench(options, surroundings);
  },
});
