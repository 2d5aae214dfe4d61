import { defineCommand } from './command.js';
import { COLONY } from './options.js';

const DEFAULT_RATE_PER_S = 100;
/** What is worth watching in the sample. */
const FUNCTIONS = [
  'main.(*Server).Checkout',
  'main.(*Server).buy',
  'main.validateCart',
  'main.validateCard',
  'main.processPayment',
  'main.charge',
  'main.renderReceipt',
];

/** `coral demo`. */
export default defineCommand({
  path: 'demo',
  summary: 'Start the sample services under load and open the workbench on them',
  positionals: [],
  options: {
    rate: { type: 'number', describe: `requests a second (default ${DEFAULT_RATE_PER_S})` },
    once: { type: 'boolean', describe: 'print one plain table and exit (also when stdout is no terminal)' },
    ...COLONY,
  },
  examples: [
    ['coral demo', 'then: Enter on checkout, type valid, Enter'],
    ['coral demo | cat', 'two seconds of it as a table'],
  ],
  async run({ options }, surroundings) {
    const { startSampleServices } = await import('../demo/sample-services.js');
    const samples = await startSampleServices(options.rate ?? DEFAULT_RATE_PER_S, surroundings.config.environment);
    surroundings.say(
      `coral: checkout runs at ${samples.url} with load; faults: POST ${samples.url}/debug/fault?name=slow_dependency&on=1`,
    );
    const colony = options.colony;
    try {
      if (options.once || !surroundings.out.isTerminal) {
        const { measureOnce } = await import('../top/once.js');
        const service = `pid:${samples.checkoutPid}`;
        return await measureOnce({ service, function: FUNCTIONS, duration: undefined, colony }, surroundings);
      }
      const { openWorkbench } = await import('../top/workbench.js');
      return await openWorkbench({ colony, service: undefined, function: [], duration: undefined }, surroundings);
    } finally {
      samples.stop();
    }
  },
});
