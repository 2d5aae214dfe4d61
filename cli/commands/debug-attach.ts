import { openPrinter } from '../attach/open-printer.js';
import { openRequest } from '../attach/request.js';
import { runSession } from '../attach/run-session.js';
import { withColony } from '../colony/connect.js';
import { dryRunJson, dryRunText } from '../format/dry-run.js';
import { formatDuration } from '../format/units.js';
import { usageError } from '../parse/values.js';
import { defineCommand } from './command.js';
import { COLONY, PID, SERVICE, STREAM_FORMAT } from './options.js';

const DEFAULT_INTERVAL_NS = 1e9;
/** Agents report five times a second: more lines only repeat, and far more are a flood. */
const MIN_INTERVAL_NS = 10e6;

/** `coral debug attach`. */
export default defineCommand({
  path: 'debug attach',
  summary: 'Measure functions of a running service: exact counts, percentiles, slowest calls',
  positionals: [SERVICE],
  options: {
    function: { type: 'string', many: true, describe: 'full name, unique suffix, glob or library:name' },
    duration: { type: 'duration', describe: 'how long, at most 10m (default 60s)' },
    interval: { type: 'duration', describe: 'time between ticks (default 1s)' },
    ...PID,
    'sample-rate': { type: 'number', describe: 'show 1 in N calls singly' },
    'slower-than': { type: 'duration', describe: 'show calls singly that took longer' },
    filter: { type: 'string', many: true, describe: "name=value, or a comparison like 'duration > 50ms' or 'items.len > 9'" },
    'capture-args': { type: 'boolean', describe: 'read the arguments of calls that are shown singly' },
    'capture-return': { type: 'boolean', describe: 'read their results' },
    'count-only': { type: 'boolean', describe: 'count calls; no return probes, no latency' },
    returns: { type: 'string', describe: 'how returns are probed', choices: ['auto', 'sites', 'session'] },
    budget: { type: 'string', describe: 'percent of one CPU that the probes may cost, or unlimited (default 5)' },
    'max-slow': { type: 'number', describe: 'slowest calls kept a function (default 20; 0: none)' },
    'require-all': { type: 'boolean', describe: 'fail if any function cannot be probed' },
    'dry-run': { type: 'boolean', describe: 'say what would be armed, arm nothing' },
    ...STREAM_FORMAT,
    ...COLONY,
  },
  examples: [
    ['coral debug attach checkout --function validateCard --duration 10s', 'one function, ten seconds'],
    ["coral debug attach pid:4711 --function 'main.*' --format ndjson", 'all of a package, as a stream'],
    ['coral debug attach checkout --function Checkout --slower-than 50ms --capture-args', 'slow calls with their arguments'],
    ['coral debug attach checkout --function Checkout --dry-run', 'what would be probed and why that is safe'],
  ],
  async run({ words, options }, surroundings) {
    const request = openRequest(words.service ?? '', options, surroundings.config.user);
    const format = options.format ?? 'table';
    const intervalNs = options.interval ?? DEFAULT_INTERVAL_NS;
    if (intervalNs < MIN_INTERVAL_NS) throw tooOften(intervalNs);
    return withColony(surroundings, options.colony, async (colony) => {
      if (options['dry-run']) {
        const plan = await colony.openSession(request);
        const print = format === 'table' ? dryRunText : dryRunJson;
        surroundings.out.write(print(plan, request.config?.budgetPercent ?? 0));
        return 0;
      }
      const running = {
        request,
        intervalMs: intervalNs / 1e6,
        reconnects: (options.colony ?? surroundings.config.colony) !== undefined,
      };
      return runSession(colony, running, openPrinter(format, surroundings), surroundings);
    });
  },
});

const tooOften = (intervalNs: number) =>
  usageError(
    { path: 'debug attach' },
    `debug attach: --interval is at least ${formatDuration(MIN_INTERVAL_NS)}, got ${formatDuration(intervalNs)}`,
  );
