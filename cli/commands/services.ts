import { withColony } from '../colony/connect.js';
import { servicesJson, servicesTable } from '../format/services.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT } from './options.js';

/** `coral services`. */
export default defineCommand({
  path: 'services',
  summary: 'What can be probed here, and what cannot and why',
  positionals: [],
  options: { ...FORMAT, ...COLONY },
  examples: [
    ['coral services', 'every process by service'],
    ['coral services --format json', 'the same for a script'],
  ],
  async run({ options }, surroundings) {
    const { services } = await withColony(surroundings, options.colony, (colony) => colony.listServices({ fresh: true }));
    surroundings.out.write(options.format === 'json' ? servicesJson(services) : servicesTable(services));
    return 0;
  },
});
